#include "internal.h"
int lh_pairs(lua_State *L) { lua_getglobal(L, "next"); lua_pushvalue(L,1); lua_pushnil(L); return 3; }
int lh_next(lua_State *L) { lua_settop(L,2); return lua_next(L,1)?2:1; }
int lh_fixed_pairs(lua_State *L, int table) { lua_pushcfunction(L, lh_next); lua_pushvalue(L,table); lua_pushnil(L); return 3; }
void lh_forget_next(lua_State *L) { (void)L; }
void lh_push_suggestion(lua_State *L, const int *tables, int count, const char *word, size_t length) { (void)tables;(void)count;(void)word;(void)length; lua_pushnil(L); }
const char *lh_push_text(lua_State *L, int index, size_t *length) { return luaL_tolstring(L,index,length); }
int lh_tostring(lua_State *L) { luaL_tolstring(L,1,NULL); return 1;}
int lh_require(lua_State *L) {(void)L; return 0;}
int lh_sort(lua_State *L) {(void)L; return 1;}
int lh_gsub(lua_State *L) {(void)L; return 2;}
int lh_coroutine_close_function(lua_State *L) {(void)L; return 3;}
void lh_open_sandbox(lua_State *L) { luaL_openlibs(L); lua_pushglobaltable(L); lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_globals); lua_newtable(L); lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_list); lua_newtable(L); lua_rawsetp(L, LUA_REGISTRYINDEX, &lh_key_error);}
bool lh_push_ordered_keys(lua_State *L, int table, int64_t *count) {(void)L;(void)table;(void)count; return false;}
bool lh_encode_json(lh_state *state, lua_State *L, int index, const uint8_t **bytes, size_t *length){(void)state;(void)L;(void)index;(void)bytes;(void)length; return false;}
