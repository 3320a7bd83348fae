module oss-presign/tests/interop/clients/go

go 1.19
