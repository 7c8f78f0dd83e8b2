use std::process::ExitCode;

/// Answers are made of thousands of small strings. The allocator of the C library took a seventh of a request's processor time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match pec::cli::run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pec: {error:#}");
            ExitCode::FAILURE
        }
    }
}
