#include "websocket.h"

#include <string.h>
#include <sys/random.h>

static const size_t maximum_payload = 16 << 20;

long websocket_read(char *bytes, size_t length, struct websocket_frame *frame) {
    const uint8_t *head = (const uint8_t *)bytes;
    if (length < 2) {
        return 0;
    }
    int final = head[0] & 0x80, masked = head[1] & 0x80;
    size_t payload = head[1] & 0x7F, header = 2;
    if (!final || (head[0] & 0x70)) {
        return -1;
    }
    size_t extension = payload == 126 ? 2 : payload == 127 ? 8 : 0;
    if (length < header + extension + (masked ? 4 : 0)) {
        return 0;
    }
    if (extension) {
        payload = 0;
        for (size_t index = 0; index < extension; index++) {
            payload = payload << 8 | head[header + index];
        }
        header += extension;
    }
    if (payload > maximum_payload) {
        return -1;
    }
    const uint8_t *mask = head + header;
    header += masked ? 4 : 0;
    if (length < header + payload) {
        return 0;
    }
    if (masked) {
        for (size_t index = 0; index < payload; index++) {
            bytes[header + index] = (char)(bytes[header + index] ^ mask[index & 3]);
        }
    }
    *frame = (struct websocket_frame){.opcode = head[0] & 0x0F, .payload = bytes + header, .length = payload};
    return (long)(header + payload);
}

static void write_header(struct buffer *out, int opcode, size_t length, int mask_bit) {
    uint8_t header[10] = {(uint8_t)(0x80 | opcode)};
    size_t size = 2;
    if (length < 126) {
        header[1] = (uint8_t)(mask_bit | (int)length);
    } else {
        size_t extension = length <= UINT16_MAX ? 2 : 8;
        header[1] = (uint8_t)(mask_bit | (extension == 2 ? 126 : 127));
        for (size_t index = 0; index < extension; index++) {
            header[size++] = (uint8_t)(length >> (8 * (extension - 1 - index)));
        }
    }
    buffer_append(out, header, size);
}

void websocket_write_header(struct buffer *out, int opcode, size_t length) { write_header(out, opcode, length, 0); }

void websocket_write(struct buffer *out, int opcode, const void *payload, size_t length) {
    write_header(out, opcode, length, 0);
    buffer_append(out, payload, length);
}

void websocket_write_masked(struct buffer *out, int opcode, const void *payload, size_t length) {
    uint8_t mask[4] = {0};
    if (getrandom(mask, sizeof mask, 0) != sizeof mask) {
        memset(mask, 0x5A, sizeof mask);
    }
    write_header(out, opcode, length, 0x80);
    buffer_append(out, mask, sizeof mask);
    char *destination = buffer_reserve(out, length);
    for (size_t index = 0; index < length; index++) {
        destination[index] = (char)(((const char *)payload)[index] ^ mask[index & 3]);
    }
    buffer_commit(out, length);
}

static uint32_t rotate(uint32_t word, int count) { return word << count | word >> (32 - count); }

static void sha1_block(uint32_t state[5], const uint8_t block[64]) {
    uint32_t words[80];
    for (int index = 0; index < 16; index++) {
        const uint8_t *bytes = block + 4 * index;
        words[index] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    }
    for (int index = 16; index < 80; index++) {
        words[index] = rotate(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int round = 0; round < 80; round++) {
        uint32_t mix, constant;
        if (round < 20) {
            mix = (b & c) | (~b & d), constant = 0x5A827999;
        } else if (round < 40) {
            mix = b ^ c ^ d, constant = 0x6ED9EBA1;
        } else if (round < 60) {
            mix = (b & c) | (b & d) | (c & d), constant = 0x8F1BBCDC;
        } else {
            mix = b ^ c ^ d, constant = 0xCA62C1D6;
        }
        uint32_t next = rotate(a, 5) + mix + e + constant + words[round];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/// SHA-1 of a text of at most 119 bytes: two blocks hold it with its padding.
static void sha1_short(const char *text, size_t length, uint8_t digest[20]) {
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t blocks[128] = {0};
    size_t size = length + 9 <= 64 ? 64 : 128;
    memcpy(blocks, text, length);
    blocks[length] = 0x80;
    uint64_t bits = (uint64_t)length * 8;
    for (size_t index = 0; index < 8; index++) {
        blocks[size - 1 - index] = (uint8_t)(bits >> (8 * index));
    }
    for (size_t offset = 0; offset < size; offset += 64) {
        sha1_block(state, blocks + offset);
    }
    for (size_t index = 0; index < 20; index++) {
        digest[index] = (uint8_t)(state[index / 4] >> (8 * (3 - index % 4)));
    }
}

void websocket_accept(const char *key, size_t length, char accept[29]) {
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[119];
    if (length > sizeof text - (sizeof magic - 1)) {
        length = sizeof text - (sizeof magic - 1);
    }
    memcpy(text, key, length);
    memcpy(text + length, magic, sizeof magic - 1);
    uint8_t digest[21] = {0};
    sha1_short(text, length + sizeof magic - 1, digest);
    for (int group = 0; group < 7; group++) {
        const uint8_t *bytes = digest + 3 * group;
        uint32_t bits = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
        for (int index = 0; index < 4; index++) {
            accept[4 * group + index] = alphabet[bits >> (18 - 6 * index) & 0x3F];
        }
    }
    accept[27] = '=';
    accept[28] = '\0';
}
