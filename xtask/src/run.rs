//! Runs a tool: either quietly under a progress line, with its output in a log, or with its output shown.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// Lines of a failed tool's log that are shown at once.
const SHOWN: usize = 60;

/// Lines of progress that several tools can share.
pub struct Progress {
    lines: MultiProgress,
    logs: PathBuf,
}

impl Progress {
    pub fn new(notes: &Path) -> Self {
        Self { lines: MultiProgress::new(), logs: notes.to_path_buf() }
    }

    /// Runs `command`, showing its newest line of output; the whole goes to a log that is quoted when it fails.
    pub async fn run(&self, label: &str, mut command: Command) -> Result<()> {
        let since = Instant::now();
        let log_path = self.logs.join(format!("{}.log", label.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
        let mut log = File::create(&log_path).with_context(|| format!("create {}", log_path.display()))?;
        let line = self.line(label);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut tool = Tool::start(&mut command, label)?;
        let child = &mut tool.child;
        let (sender, mut output) = mpsc::channel::<String>(64);
        forward(child.stdout.take(), sender.clone());
        forward(child.stderr.take(), sender);
        let mut last: std::collections::VecDeque<String> = std::collections::VecDeque::new();
        while let Some(text) = output.recv().await {
            writeln!(log, "{text}").with_context(|| format!("write {}", log_path.display()))?;
            if !text.trim().is_empty() {
                line.set_message(text.trim().chars().take(90).collect::<String>());
            }
            if last.len() == SHOWN {
                last.pop_front();
            }
            last.push_back(text);
        }
        let status = child.wait().await.with_context(|| format!("wait for {label}"))?;
        let seconds = since.elapsed().as_secs_f32();
        line.finish_and_clear();
        if status.success() {
            self.say(&format!("✓ {label} ({seconds:.1} s)"));
            return Ok(());
        }
        let shown = last.make_contiguous().join("\n");
        bail!("{label} failed ({status}); the whole log is {}\n{shown}", log_path.display())
    }

    /// A line above the moving ones, also where there is no terminal.
    pub fn say(&self, text: &str) {
        if self.lines.println(text).is_err() || self.lines.is_hidden() {
            println!("{text}");
        }
    }

    fn line(&self, label: &str) -> ProgressBar {
        let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {msg:.dim}").expect("a valid template");
        let line = self.lines.add(ProgressBar::new_spinner().with_style(style).with_prefix(label.to_owned()));
        line.enable_steady_tick(Duration::from_millis(120));
        if self.lines.is_hidden() {
            println!("… {label}");
        }
        line
    }
}

fn forward(source: Option<impl AsyncRead + Unpin + Send + 'static>, sender: mpsc::Sender<String>) {
    let Some(source) = source else { return };
    tokio::spawn(async move {
        let mut lines = BufReader::new(source).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).await.is_err() {
                return;
            }
        }
    });
}

/// Runs `command` with its output shown as it comes.
pub async fn shown(mut command: Command) -> Result<()> {
    let what = described(&command);
    let mut tool = Tool::start(&mut command, &what)?;
    let status = tool.child.wait().await.with_context(|| format!("wait for {what}"))?;
    if status.success() {
        return Ok(());
    }
    bail!("`{what}` failed ({status})")
}

/// Runs `command` and returns what it wrote to standard output; errors are shown.
pub async fn captured(mut command: Command) -> Result<Vec<u8>> {
    let what = described(&command);
    command.stdout(Stdio::piped());
    let mut tool = Tool::start(&mut command, &what)?;
    let mut output = Vec::new();
    if let Some(mut stdout) = tool.child.stdout.take() {
        stdout.read_to_end(&mut output).await.with_context(|| format!("read from {what}"))?;
    }
    let status = tool.child.wait().await.with_context(|| format!("wait for {what}"))?;
    if status.success() {
        return Ok(output);
    }
    bail!("`{what}` failed ({status})")
}

/// A running tool with everything it started. Tools start others (npm starts node, cargo starts compilers and tests),
/// which would go on after an interrupt that reached only us, or after their parent was killed; so each tool leads a
/// process group, and what is left of the group ends with the wait.
struct Tool {
    child: Child,
    group: Option<Pid>,
}

impl Tool {
    fn start(command: &mut Command, what: &str) -> Result<Self> {
        let child = command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("start {what}"))?;
        let group = child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
        Ok(Self { child, group })
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // Usually nobody is left, and this says so.
            let _ = kill_process_group(group, Signal::TERM);
        }
    }
}

fn described(command: &Command) -> String {
    let command = command.as_std();
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
