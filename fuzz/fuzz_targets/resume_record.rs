#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| oss_presign::fuzzing::resume_record(data));
