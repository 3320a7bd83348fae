"""The library's presigning, through its C ABI."""
import ctypes

TEXTS = """region bucket key endpoint access_key_id access_key_secret security_token version_id process
    response_cache_control response_content_disposition response_content_encoding
    response_content_language response_content_type response_expires range_behavior request_payer
    cloud_box_id""".split()
CUSTOM_DOMAIN, HTTP = 2, 1


class Pair(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("value", ctypes.c_char_p)]


class Options(ctypes.Structure):
    """oss_presign_options"""

    _fields_ = (
        [("struct_size", ctypes.c_size_t)]
        + [(name, ctypes.c_char_p) for name in TEXTS]
        + [("query", ctypes.POINTER(Pair)), ("query_len", ctypes.c_size_t)]
        + [("headers", ctypes.POINTER(Pair)), ("headers_len", ctypes.c_size_t)]
        + [(n, ctypes.c_int64) for n in ("expires_in", "expires_at", "signing_time", "traffic_limit")]
        + [(n, ctypes.c_uint32) for n in ("addressing", "endpoint_kind", "flags", "reserved")]
    )


class Library:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.oss_presign_get.restype = ctypes.c_void_p
        self.library.oss_result_header_count.restype = ctypes.c_size_t
        for name in ("url", "message", "header_name", "header_value"):
            getattr(self.library, f"oss_result_{name}").restype = ctypes.c_char_p

    def presign(self, headers=(), **fields):
        """A URL over http, and the headers that were signed: (name, value) pairs are given in
        headers, the other options by their names."""
        options = Options(struct_size=ctypes.sizeof(Options), flags=HTTP)
        for field, value in {"region": "cn-hangzhou", **fields}.items():
            setattr(options, field, value.encode() if isinstance(value, str) else value)
        pairs = [Pair(name.encode(), value.encode()) for name, value in headers]
        options.headers, options.headers_len = (Pair * len(pairs))(*pairs), len(pairs)
        result = ctypes.c_void_p(self.library.oss_presign_get(ctypes.byref(options)))
        url = self.library.oss_result_url(result).decode()
        assert url, self.library.oss_result_message(result).decode()
        signed = {}
        for i in map(ctypes.c_size_t, range(self.library.oss_result_header_count(result))):
            name = self.library.oss_result_header_name(result, i).decode()
            signed[name] = self.library.oss_result_header_value(result, i).decode()
        self.library.oss_result_free(result)
        return url, signed
