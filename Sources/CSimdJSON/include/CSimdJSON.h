/// Strict JSON parsing by the system's simdjson, as a plain C interface.
///
/// Knows bytes and simdjson's tape, and nothing of what the JSON means. A document is read by walking the tape:
/// each word holds a type letter in its top 8 bits and a payload in the lower 56 (simdjson's `doc/tape.md`).
///
///   'r' root          payload: index after the last word (first word), 0 (last word)
///   '{' '['           payload: lower 32 bits = index after the matching end, next 24 bits = member count, saturated
///   '}' ']'           payload: index of the matching start
///   '"'               payload: offset into `strings`, where a native-endian uint32 length precedes the UTF-8 bytes
///   'l' 'u' 'd'       the next word holds an int64, uint64 or double
///   't' 'f' 'n'       true, false, null
#ifndef MOONWIRE_CSIMDJSON_H
#define MOONWIRE_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A reusable parser. One thread at a time.
typedef struct simdjson_parser simdjson_parser;

/// A parsed document: valid until the next parse with the same parser, or its destruction.
typedef struct {
    const uint64_t *tape;
    const uint8_t *strings;
} simdjson_document;

/// Makes a parser that refuses documents larger than `max_bytes`. Returns NULL when memory is short.
simdjson_parser *simdjson_parser_create(size_t max_bytes);

void simdjson_parser_destroy(simdjson_parser *parser);

/// Parses `length` bytes. The bytes are copied when they lack simdjson's padding.
/// Returns 0, or simdjson's error code; `document` is written only on success.
int simdjson_parse(simdjson_parser *parser, const uint8_t *bytes, size_t length, size_t max_depth,
                   simdjson_document *document);

/// simdjson's own sentence for an error code. Static storage.
const char *simdjson_error_text(int code);

#ifdef __cplusplus
}
#endif

#endif
