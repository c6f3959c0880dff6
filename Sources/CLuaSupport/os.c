// `os.time`, `os.date` and `os.difftime` by the run's clock and the host's time zone.
#include "internal.h"

#include <stdio.h>
#include <string.h>

#include "calendar.h"

static const char *const day_names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};

/// Instants further away than this are refused: arithmetic on them would not be exact.
#define FURTHEST ((int64_t)1 << 52)

static lh_zone zone_at(lua_State *L, int64_t instant) {
    lh_state *state = lh_of(L);
    lh_zone zone = {0, false, "UTC"};
    state->host_depth++;
    state->host.zone(state->host.context, instant, &zone);
    state->host_depth--;
    zone.abbreviation[sizeof zone.abbreviation - 1] = '\0';
    return zone;
}

static int64_t now(lua_State *L) {
    lh_state *state = lh_of(L);
    return (state->run != NULL ? state->run : &state->default_run)->now;
}

static void add_format(lua_State *L, luaL_Buffer *out, const lh_date *date, const lh_zone *zone, int64_t instant, const char *format,
                       size_t length);

/// Adds conversion `letter`.
static void add_conversion(lua_State *L, luaL_Buffer *out, const lh_date *date, const lh_zone *zone, int64_t instant, char letter) {
    char text[64] = "";
    int64_t iso_year;
    const int hour12 = date->hour % 12 == 0 ? 12 : date->hour % 12;
    const int east = zone->seconds_east < 0 ? -zone->seconds_east : zone->seconds_east;
    const long long year = date->year;
    switch (letter) {
    case 'a': snprintf(text, sizeof text, "%.3s", day_names[date->weekday]); break;
    case 'A': snprintf(text, sizeof text, "%s", day_names[date->weekday]); break;
    case 'b':
    case 'h': snprintf(text, sizeof text, "%.3s", month_names[date->month - 1]); break;
    case 'B': snprintf(text, sizeof text, "%s", month_names[date->month - 1]); break;
    case 'c': add_format(L, out, date, zone, instant, "%a %b %e %H:%M:%S %Y", 20); return;
    case 'C': snprintf(text, sizeof text, "%02lld", year / 100); break;
    case 'd': snprintf(text, sizeof text, "%02d", date->day); break;
    case 'D':
    case 'x': add_format(L, out, date, zone, instant, "%m/%d/%y", 8); return;
    case 'e': snprintf(text, sizeof text, "%2d", date->day); break;
    case 'F': add_format(L, out, date, zone, instant, "%Y-%m-%d", 8); return;
    case 'g': snprintf(text, sizeof text, "%02d", (lh_iso_week(date, &iso_year), (int)(iso_year % 100))); break;
    case 'G': snprintf(text, sizeof text, "%lld", (lh_iso_week(date, &iso_year), (long long)iso_year)); break;
    case 'H': snprintf(text, sizeof text, "%02d", date->hour); break;
    case 'I': snprintf(text, sizeof text, "%02d", hour12); break;
    case 'j': snprintf(text, sizeof text, "%03d", date->year_day + 1); break;
    case 'm': snprintf(text, sizeof text, "%02d", date->month); break;
    case 'M': snprintf(text, sizeof text, "%02d", date->minute); break;
    case 'n': snprintf(text, sizeof text, "\n"); break;
    case 'p': snprintf(text, sizeof text, date->hour < 12 ? "AM" : "PM"); break;
    case 'r': add_format(L, out, date, zone, instant, "%I:%M:%S %p", 11); return;
    case 'R': add_format(L, out, date, zone, instant, "%H:%M", 5); return;
    case 's': snprintf(text, sizeof text, "%lld", (long long)instant); break;
    case 'S': snprintf(text, sizeof text, "%02d", date->second); break;
    case 't': snprintf(text, sizeof text, "\t"); break;
    case 'T':
    case 'X': add_format(L, out, date, zone, instant, "%H:%M:%S", 8); return;
    case 'u': snprintf(text, sizeof text, "%d", date->weekday == 0 ? 7 : date->weekday); break;
    case 'U': snprintf(text, sizeof text, "%02d", (date->year_day + 7 - date->weekday) / 7); break;
    case 'V': snprintf(text, sizeof text, "%02d", lh_iso_week(date, &iso_year)); break;
    case 'w': snprintf(text, sizeof text, "%d", date->weekday); break;
    case 'W': snprintf(text, sizeof text, "%02d", (date->year_day + 7 - (date->weekday + 6) % 7) / 7); break;
    case 'y': snprintf(text, sizeof text, "%02d", (int)(year % 100)); break;
    case 'Y': snprintf(text, sizeof text, "%lld", year); break;
    case 'z':
        snprintf(text, sizeof text, "%c%02d%02d", zone->seconds_east < 0 ? '-' : '+', east / 3600, east % 3600 / 60);
        break;
    case 'Z': snprintf(text, sizeof text, "%s", zone->abbreviation); break;
    case '%': snprintf(text, sizeof text, "%%"); break;
    default: lh_error(L, "os.date: unknown conversion '%%%c'", letter);
    }
    luaL_addstring(out, text);
}

static void add_format(lua_State *L, luaL_Buffer *out, const lh_date *date, const lh_zone *zone, int64_t instant, const char *format,
                       size_t length) {
    for (const char *at = format, *end = format + length; at < end; at++) {
        if (*at == '%') {
            at++;
            add_conversion(L, out, date, zone, instant, at < end ? *at : '%');
        } else {
            luaL_addchar(out, *at);
        }
    }
}

static void set_integer(lua_State *L, const char *name, int64_t value) {
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

/// Writes the date into the table on top of the stack.
static void set_fields(lua_State *L, const lh_date *date, bool is_daylight_saving) {
    set_integer(L, "year", date->year);
    set_integer(L, "month", date->month);
    set_integer(L, "day", date->day);
    set_integer(L, "hour", date->hour);
    set_integer(L, "min", date->minute);
    set_integer(L, "sec", date->second);
    set_integer(L, "wday", date->weekday + 1);
    set_integer(L, "yday", date->year_day + 1);
    lua_pushboolean(L, is_daylight_saving);
    lua_setfield(L, -2, "isdst");
}

static int64_t check_instant(lua_State *L, int64_t instant, int argument) {
    luaL_argcheck(L, instant > -FURTHEST && instant < FURTHEST, argument, "time out-of-bounds");
    return instant;
}

static int date(lua_State *L) {
    size_t length;
    const char *format = luaL_optlstring(L, 1, "%c", &length);
    const int64_t instant = check_instant(L, luaL_opt(L, luaL_checkinteger, 2, now(L)), 2);
    lh_zone zone = {0, false, "UTC"};
    if (*format == '!') {
        format++;
        length--;
    } else {
        zone = zone_at(L, instant);
    }
    const lh_date local = lh_date_at(instant + zone.seconds_east);
    if (length >= 2 && format[0] == '*' && format[1] == 't') {
        lua_createtable(L, 0, 9);
        set_fields(L, &local, zone.is_daylight_saving);
        return 1;
    }
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    add_format(L, &out, &local, &zone, instant, format, length);
    luaL_pushresult(&out);
    return 1;
}

static int64_t get_field(lua_State *L, const char *name, int64_t otherwise, bool is_required) {
    int is_integer;
    const int kind = lua_getfield(L, 1, name);
    const int64_t value = lua_tointegerx(L, -1, &is_integer);
    lua_pop(L, 1);
    if (!is_integer) {
        if (kind != LUA_TNIL) {
            return lh_error(L, "field '%s' is not an integer", name);
        }
        if (is_required) {
            return lh_error(L, "field '%s' missing in date table", name);
        }
        return otherwise;
    }
    if (value > INT32_MAX || value < INT32_MIN) {
        return lh_error(L, "field '%s' is out-of-bound", name);
    }
    return value;
}

static int time_of(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        lua_pushinteger(L, now(L));
        return 1;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    const int64_t day = lh_days(get_field(L, "year", 0, true), get_field(L, "month", 0, true), get_field(L, "day", 0, true));
    const int64_t local = day * 86400 + get_field(L, "hour", 12, false) * 3600 + get_field(L, "min", 0, false) * 60
                          + get_field(L, "sec", 0, false);
    // The offset depends on the instant, which depends on the offset. The second guess stands: within a gap of local
    // time it lies after it, and of an hour that happens twice it is the first.
    int64_t instant = local - zone_at(L, local).seconds_east;
    const int64_t earlier = local - zone_at(L, instant - 86400).seconds_east;
    if (zone_at(L, earlier).seconds_east == local - earlier) {
        instant = earlier;
    } else {
        instant = local - zone_at(L, instant).seconds_east;
    }
    const lh_zone zone = zone_at(L, instant);
    const lh_date normal = lh_date_at(instant + zone.seconds_east);
    set_fields(L, &normal, zone.is_daylight_saving);
    lua_pushinteger(L, instant);
    return 1;
}

static int difference(lua_State *L) {
    lua_pushnumber(L, (lua_Number)(luaL_checkinteger(L, 1) - luaL_checkinteger(L, 2)));
    return 1;
}

void lh_open_os(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"time", time_of},
        {"date", date},
        {"difftime", difference},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
