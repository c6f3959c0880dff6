"""The dashboard app in a real browser: check.py MOONWIRE SCREENSHOTS [CASE]... The exit code is 0 when all is well."""

import os
import sys
import time
import traceback

import access_cases
import context_cases
import desk_cases
from browser import Browser
from stage import Stage


def main():
    moonwire, folder, *wanted = sys.argv[1:]
    cases = context_cases.CASES | access_cases.CASES | desk_cases.CASES
    unknown = [name for name in wanted if name not in cases]
    if unknown:
        sys.exit(f"there is no case {', '.join(unknown)}; there are {', '.join(sorted(cases))}")
    failed = 0
    with Stage(os.path.abspath(moonwire)) as stage:
        for name in sorted(wanted or cases):
            begun = time.monotonic()
            options, case = cases[name]
            try:
                with Browser(stage, folder, **options) as browser:
                    try:
                        case(stage, browser)
                    except Exception:
                        browser.shot(name + "-failed")
                        raise
                print(f"passed  {name}  {case.__doc__} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception:
                failed += 1
                traceback.print_exc()
                print(f"FAILED  {name}  {case.__doc__}", flush=True)
        if failed:
            print(f"what the host said: {stage.folder}/run.log")
    print(f"{len(wanted or cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
