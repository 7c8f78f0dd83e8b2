use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    api::Date,
    db::{Actor, Registry},
    interop::{
        ImportError, Imported, Wish,
        catalog::{Change, ImportParams, PartDates},
        import_catalog,
    },
};

#[derive(Args)]
pub struct Catalog {
    /// The file: CSV with a header row.
    file: PathBuf,
    /// Slug of the institution.
    #[arg(long)]
    tenant: String,
    /// Name of the term on screen, "Summer 2022".
    #[arg(long)]
    term_name: String,
    /// First day of the term, YYYY-MM-DD.
    #[arg(long, value_parser = date)]
    starts_on: Date,
    /// Last day of the term, YYYY-MM-DD.
    #[arg(long, value_parser = date)]
    ends_on: Date,
    /// Dates of a part of term, CODE=START..END; may be repeated.
    #[arg(long = "part", value_parser = part)]
    parts: Vec<PartDates>,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// Print every change, not only the first.
    #[arg(long)]
    all: bool,
}

/// Changes that are printed unless all are asked for.
const FIRST_CHANGES: usize = 50;

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| format!("{text:?} is no date of the form YYYY-MM-DD between 1900 and 2199"))
}

fn part(text: &str) -> Result<PartDates, String> {
    let wrong = || format!("{text:?} is not CODE=YYYY-MM-DD..YYYY-MM-DD");
    let (code, dates) = text.split_once('=').ok_or_else(wrong)?;
    let (starts, ends) = dates.split_once("..").ok_or_else(wrong)?;
    Ok(PartDates { code: code.to_owned(), starts_on: date(starts)?, ends_on: date(ends)? })
}

pub async fn catalog(registry: &Registry, args: Catalog) -> anyhow::Result<ExitCode> {
    let tenant = registry.by_slug(&args.tenant).await?.with_context(|| format!("no institution is called {}", args.tenant))?;
    let file: Arc<[u8]> = std::fs::read(&args.file).with_context(|| format!("{} can't be read", args.file.display()))?.into();
    let params = ImportParams { term_name: args.term_name, starts_on: args.starts_on, ends_on: args.ends_on, parts: args.parts };
    let bar = ProgressBar::new(1).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed}")?);
    let shown = bar.clone();
    let mut progress = move |done: usize, total: usize| {
        shown.set_length(total as u64);
        shown.set_position(done as u64);
    };
    let wish = if args.dry_run { Wish::Check } else { Wish::Apply };
    let done = import_catalog(&tenant, &Actor::system("import"), file, &params, wish, &mut progress).await;
    bar.finish_and_clear();
    match done {
        Ok(done) => {
            print_report(&done, args.all);
            if wish == Wish::Apply && done.report.changes_total > 0 {
                registry.analyze(&tenant).await.context("the catalog is imported; its statistics could not be refreshed")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Refused(refused)) => {
            for issue in &refused.errors {
                eprintln!("row {}, {}: {}", issue.row, issue.field, issue.message);
            }
            eprintln!("{} errors. Nothing was imported.", refused.total);
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

fn print_report(done: &Imported, all: bool) {
    let report = &done.report;
    println!("{} rows, term {}", report.rows, report.term_code);
    println!("{:<14}{:>9}{:>9}{:>11}", "", "created", "updated", "unchanged");
    let kinds = [
        ("departments", report.departments),
        ("courses", report.courses),
        ("rooms", report.rooms),
        ("instructors", report.instructors),
        ("sections", report.sections),
    ];
    for (kind, counts) in kinds {
        println!("{kind:<14}{:>9}{:>9}{:>11}", counts.created, counts.updated, counts.unchanged);
    }
    for warning in &report.warnings {
        println!("row {}, {}: {}", warning.row, warning.field, warning.message);
    }
    let shown = if all { done.changes() } else { &done.changes()[..done.changes().len().min(FIRST_CHANGES)] };
    for change in shown {
        print_change(change);
    }
    if shown.len() < report.changes_total {
        println!("and {} more: --all prints them", report.changes_total - shown.len());
    }
    println!("{} changes{}", report.changes_total, if report.dry_run { " would be made" } else { "" });
}

/// `+` is new; otherwise the field, as it was and as it becomes. What spans several lines is shown on one.
fn print_change(change: &Change) {
    let line = |text: &Option<String>| text.as_deref().unwrap_or("nothing").replace('\n', " / ");
    let (kind, key, after) = (change.kind.as_str(), &change.key, line(&change.after));
    match &change.field {
        None => println!("+ {kind} {key}: {after}"),
        Some(field) => println!("~ {kind} {key}, {field}: {} -> {after}", line(&change.before)),
    }
}
