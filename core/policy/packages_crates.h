/* Names of crates that are used most.
 * Sorted, for people: see core/policy/packages.c.  */
#ifndef BASCULE_CORE_POLICY_PACKAGES_CRATES_H
#define BASCULE_CORE_POLICY_PACKAGES_CRATES_H

// clang-format off
static const char *const packages_crates[] = {
	"actix", "actix-rt", "actix-web", "addr2line", "adler", "aes", "ahash", "aho-corasick",
	"ansi_term", "anstream", "anstyle", "anyhow", "argon2", "arrayvec", "arrow", "askama",
	"assert_cmd", "async-std", "async-trait", "atty", "autocfg", "axum", "backtrace",
	"base64", "bcrypt", "bevy", "bincode", "bindgen", "bitflags", "brotli", "byteorder",
	"bytes", "bzip2", "cc", "cfg-if", "chrono", "ciborium", "clap", "clap_derive", "cmake",
	"colorchoice", "colored", "config", "console", "crc32fast", "criterion", "crossbeam",
	"crossbeam-channel", "crossbeam-epoch", "crossbeam-utils", "crossterm", "csv", "ctrlc",
	"curve25519-dalek", "darling", "dashmap", "derive_builder", "derive_more", "dialoguer",
	"diesel", "difflib", "digest", "dioxus", "directories", "dirs", "dotenv", "dotenvy",
	"dtoa", "ed25519-dalek", "egui", "either", "encoding_rs", "env_logger", "equivalent",
	"errno", "filetime", "flate2", "fnv", "foldhash", "fs2", "fs_extra", "futures",
	"futures-core", "futures-util", "getrandom", "gimli", "git2", "glam", "glob", "globset",
	"h2", "handlebars", "hashbrown", "heck", "hex", "hmac", "html5ever", "http", "httparse",
	"humantime", "hyper", "hyper-util", "iced", "ignore", "image", "indexmap", "indicatif",
	"insta", "ipnet", "itertools", "itoa", "jpeg-decoder", "js-sys", "jsonwebtoken", "k256",
	"lalrpop", "lazy_static", "leptos", "lettre", "libc", "linux-raw-sys", "log", "logos",
	"lru", "lz4", "matchers", "matches", "md-5", "md5", "memchr", "memmap2", "mime",
	"mime_guess", "minijinja", "miniz_oxide", "mio", "mockall", "mongodb", "nalgebra",
	"native-tls", "ndarray", "nix", "nom", "notify", "num", "num-bigint", "num-integer",
	"num-traits", "num_cpus", "object", "octocrab", "once_cell", "openssl", "openssl-sys",
	"parking_lot", "parking_lot_core", "parquet", "paste", "percent-encoding", "pest",
	"pest_derive", "petgraph", "pico-args", "pin-project", "pin-project-lite", "pkg-config",
	"plotters", "png", "polars", "postcard", "postgres", "predicates", "pretty_assertions",
	"proc-macro-error", "proc-macro2", "proptest", "prost", "prost-build", "quick-xml",
	"quickcheck", "quote", "r2d2", "rand", "rand_chacha", "rand_core", "ratatui", "rayon",
	"redis", "regex", "regex-syntax", "reqwest", "ring", "rmp-serde", "rocket", "ron",
	"roxmltree", "rusqlite", "rustc_version", "rustix", "rustls", "rustls-pemfile",
	"rustversion", "ryu", "same-file", "scopeguard", "scraper", "sea-orm", "secp256k1",
	"select", "semver", "serde", "serde_derive", "serde_json", "serde_yaml", "sha1", "sha2",
	"sharded-slab", "shellwords", "shlex", "signal-hook", "similar", "slab", "smallvec",
	"smol", "snap", "socket2", "spin", "sqlx", "static_assertions", "strsim", "structopt",
	"strum", "strum_macros", "subtle", "syn", "sysinfo", "tar", "tauri", "tempfile", "tera",
	"termcolor", "textwrap", "thiserror", "time", "tinyvec", "tokio", "tokio-postgres",
	"tokio-stream", "tokio-util", "toml", "toml_edit", "tonic", "tower", "tower-http",
	"tracing", "tracing-core", "tracing-log", "tracing-subscriber", "try-lock", "trybuild",
	"tui", "unicode-ident", "unicode-normalization", "unicode-segmentation", "unicode-width",
	"url", "uuid", "valuable", "vec_map", "version_check", "void", "walkdir", "want", "warp",
	"wasm-bindgen", "web-sys", "webpki", "webpki-roots", "wgpu", "which", "winapi", "windows",
	"windows-sys", "winit", "wiremock", "x25519-dalek", "yew", "zeroize", "zip", "zstd",
};
// clang-format on

#endif
