//! Threads and instruction sets.

/// Threads to compute with when nobody says: half of the cores granted to this process (by its
/// control group's quota and its affinity), at least one.
///
/// llama.cpp's threads wait for one another by spinning, so one that is kept from its core by
/// another process makes all others burn theirs; and decoding is bound by memory, not by cores.
pub fn threads_default() -> u32 {
    let granted = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u32::try_from(granted / 2).unwrap_or(1).max(1)
}

/// Reads llama.cpp's own description, such as `CPU : AVX2 = 1 | FMA = 1 | …`, into the names of
/// what it was compiled for.
pub fn compiled_for(system_info: &str) -> Vec<String> {
    system_info
        .split(['|', ':'])
        .filter_map(|part| part.trim().strip_suffix(" = 1"))
        .map(|name| name.trim().to_string())
        .collect()
}

/// Those of `compiled` that this processor does not have.
#[cfg(target_arch = "x86_64")]
pub fn missing(compiled: &[String]) -> Vec<String> {
    let has = |name: &str| match name {
        "SSE3" => is_x86_feature_detected!("sse3"),
        "SSSE3" => is_x86_feature_detected!("ssse3"),
        "AVX" => is_x86_feature_detected!("avx"),
        "AVX2" => is_x86_feature_detected!("avx2"),
        "F16C" => is_x86_feature_detected!("f16c"),
        "FMA" => is_x86_feature_detected!("fma"),
        "BMI2" => is_x86_feature_detected!("bmi2"),
        "AVX_VNNI" => is_x86_feature_detected!("avxvnni"),
        "AVX512" => is_x86_feature_detected!("avx512f"),
        "AVX512_VBMI" => is_x86_feature_detected!("avx512vbmi"),
        "AVX512_VNNI" => is_x86_feature_detected!("avx512vnni"),
        "AVX512_BF16" => is_x86_feature_detected!("avx512bf16"),
        _ => true,
    };
    compiled.iter().filter(|name| !has(name)).cloned().collect()
}

/// Other processors: the compiler's baseline is all that is used.
#[cfg(not(target_arch = "x86_64"))]
pub fn missing(_compiled: &[String]) -> Vec<String> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_was_compiled() {
        let info = "CPU : SSE3 = 1 | AVX2 = 1 | AVX512 = 0 | LLAMAFILE = 1 | ";
        assert_eq!(compiled_for(info), ["SSE3", "AVX2", "LLAMAFILE"]);
        assert!(compiled_for("").is_empty());
    }

    #[test]
    fn at_least_one_thread() {
        assert!(threads_default() >= 1);
    }
}
