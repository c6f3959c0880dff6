#include "CSimdJSON.h"

#include <new>
#include <simdjson.h>

struct simdjson_parser {
    simdjson::dom::parser parser;
    explicit simdjson_parser(size_t max_bytes) : parser(max_bytes) {}
};

extern "C" simdjson_parser *simdjson_parser_create(size_t max_bytes) {
    return new (std::nothrow) simdjson_parser(max_bytes);
}

extern "C" void simdjson_parser_destroy(simdjson_parser *parser) {
    delete parser;
}

extern "C" int simdjson_parse(simdjson_parser *self, const uint8_t *bytes, size_t length, size_t max_depth,
                              simdjson_document *document) {
    if (self->parser.max_depth() != max_depth) {
        const auto error = self->parser.allocate(self->parser.capacity(), max_depth);
        if (error) {
            return static_cast<int>(error);
        }
    }
    const auto result = self->parser.parse(bytes, length, true);
    if (result.error()) {
        return static_cast<int>(result.error());
    }
    document->tape = self->parser.doc.tape.get();
    document->strings = self->parser.doc.string_buf.get();
    return 0;
}

extern "C" const char *simdjson_error_text(int code) {
    return simdjson::error_message(static_cast<simdjson::error_code>(code));
}
