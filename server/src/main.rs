use std::process::ExitCode;

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
