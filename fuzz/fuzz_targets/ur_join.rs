#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    coldamp_tests::fuzzing::ur_join(data);
});
