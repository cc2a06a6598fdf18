"""The commands and their flags; what each needs is imported when it runs, so `--help` is quick."""

from pathlib import Path
from typing import Annotated

import typer

from quaestor.cli import options as of
from quaestor.cli.guarding import Verbose, guarded, set_verbose

app = typer.Typer(
    name="quaestor",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Research over your own documents and the web at once. Every sentence of a report can "
    "be traced to the bytes it was read from.",
    epilog="Start with: quaestor demo",
)
evaluation = typer.Typer(no_args_is_help=True, help="Measure on a question set of your own.")
app.add_typer(evaluation, name="eval")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"quaestor {version('quaestor')}")
        raise typer.Exit


@app.callback()
def everywhere(
    verbose: Verbose = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print it and leave."),
    ] = False,
) -> None:
    """What stands before any command."""
    set_verbose(verbose)


@app.command(epilog="Example: quaestor demo")
@guarded
def demo(home: of.MaybeHome = None, format_: of.PlainFormat = of.Plain.text) -> None:
    """Ask four questions of a small invented company; needs no network."""
    from quaestor.cli import demonstrating

    demonstrating.demo(home=home, as_format=format_)


@app.command(epilog='Example: quaestor ask "Who approves travel?" --local ~/Documents/policies')
@guarded
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know.")],
    *,
    local: of.Local = None,
    public: of.Public = None,
    web: of.WebSpec = None,
    privacy: of.PrivacyMode = None,
    exclude_source: of.Exclude = None,
    allow_host: of.AllowHost = None,
    model: of.Model = None,
    keep_local: of.KeepLocal = False,
    depth: of.HowDeep = None,
    home: of.Home = of.HOME,
    fresh: of.Fresh = False,
    format_: of.ReportFormat = of.Format.text,
    output: of.Output = None,
) -> None:
    """Research a question and print a cited report."""
    from quaestor.cli import asking

    settings = {
        "local": local,
        "public": public,
        "web": web,
        "privacy": privacy and privacy.value,
        "exclude_source": exclude_source,
        "allow_host": allow_host,
        "model": model,
        "keep_local": keep_local or None,
        "depth": depth and depth.value,
        "fresh": fresh or None,
    }
    show = asking.Show(format=format_, output=output)
    asking.ask(question, home=home, settings=settings, show=show)


@app.command(epilog="Example: quaestor resume last")
@guarded
def resume(
    run: of.RunName,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again for what had failed for good.")
    ] = False,
    home: of.Home = of.HOME,
    format_: of.ReportFormat = of.Format.text,
    output: of.Output = None,
) -> None:
    """Go on with an interrupted run; a finished one prints its report again."""
    from quaestor.cli import asking

    show = asking.Show(format=format_, output=output)
    asking.resume(run, home=home, retry_failed=retry_failed, show=show)


@app.command(epilog="Example: quaestor index ~/Documents/policies notes=~/notes")
@guarded
def index(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="PATH or NAME=PATH.")],
    exclude_source: of.Exclude = None,
    home: of.Home = of.HOME,
    format_: of.PlainFormat = of.Plain.text,
) -> None:
    """Build or refresh the index of folders and files; only what changed is read."""
    from quaestor.cli import indexing

    indexing.index(paths, home=home, exclude=exclude_source or [], as_format=format_)


@app.command(epilog="Example: quaestor runs")
@guarded
def runs(home: of.Home = of.HOME, format_: of.PlainFormat = of.Plain.text) -> None:
    """List the runs of a home, the last started first."""
    from quaestor.cli import listing

    listing.list_runs(home=home, as_format=format_)


@app.command(epilog="Example: quaestor show last --evidence 3f2a")
@guarded
def show(
    run: of.RunName,
    *,
    document: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Print this stored document instead."),
    ] = None,
    evidence: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Print this span, its file, line and column instead."),
    ] = None,
    home: of.Home = of.HOME,
    format_: of.ReportFormat = of.Format.text,
    output: of.Output = None,
) -> None:
    """Print a run's report with the file, line and column of every span."""
    from quaestor.cli import showing

    if document is None and evidence is None:
        showing.show_run(run, home=home, as_format=format_, output=output)
        return
    showing.show_part(
        run, document=document, evidence=evidence, home=home, as_format=format_, output=output
    )


@app.command(epilog="Example: quaestor calls last --format json")
@guarded
def calls(
    run: of.RunName, home: of.Home = of.HOME, format_: of.PlainFormat = of.Plain.text
) -> None:
    """List what a run asked of its sources, when, and who asked."""
    from quaestor.cli import listing

    listing.list_calls(run, home=home, as_format=format_)


@app.command(epilog="Example: quaestor draw last -o run.svg")
@guarded
def draw(
    run: of.RunName,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Ends in .svg or .mmd.")
    ],
    home: of.Home = of.HOME,
) -> None:
    """Draw how a run found what its report says; needs no network."""
    from quaestor.cli import drawing

    drawing.draw(run, home=home, output=output)


_Dataset = Annotated[
    Path,
    typer.Argument(metavar="DATASET_DIR", help="Holds corpus.jsonl and questions.jsonl."),
]
_Split = Annotated[str | None, typer.Option(metavar="NAME", help="Only questions of this split.")]
_Limit = Annotated[int | None, typer.Option(metavar="N", help="At most so many questions.")]
_Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the figures, and each outcome, here as well."),
]


@evaluation.command(epilog="Example: quaestor eval retrieval my-questions/ --split dev")
@guarded
def retrieval(
    dataset: _Dataset,
    split: _Split = None,
    limit: _Limit = None,
    out: _Out = None,
    home: of.MaybeHome = None,
) -> None:
    """Does a search find the documents the answers rest on? Prints JSON."""
    from quaestor.cli import evaluating

    evaluating.retrieval(dataset, home=home, split=split, limit=limit, out=out)


@evaluation.command(epilog="Example: quaestor eval answers my-questions/ --limit 100")
@guarded
def answers(
    dataset: _Dataset,
    *,
    split: _Split = None,
    limit: _Limit = None,
    model: of.Model = None,
    out: _Out = None,
    home: of.MaybeHome = None,
) -> None:
    """Are answers right, and do they stand in what is cited? Prints JSON."""
    from quaestor.cli import evaluating

    evaluating.answers(dataset, home=home, model=model, split=split, limit=limit, out=out)


@evaluation.command(epilog="Example: quaestor eval citations my-questions/ --limit 100")
@guarded
def citations(
    dataset: _Dataset,
    *,
    split: _Split = None,
    limit: _Limit = None,
    model: of.Model = None,
    out: _Out = None,
    home: of.MaybeHome = None,
) -> None:
    """Do cited spans exist and support what they are cited for? Prints JSON."""
    from quaestor.cli import evaluating

    evaluating.citations(dataset, home=home, model=model, split=split, limit=limit, out=out)


@app.command(epilog="Example: quaestor doctor --local ~/Documents/policies")
@guarded
def doctor(
    *,
    local: of.Local = None,
    public: of.Public = None,
    web: of.WebSpec = None,
    privacy: of.PrivacyMode = None,
    exclude_source: of.Exclude = None,
    allow_host: of.AllowHost = None,
    model: of.Model = None,
    home: of.Home = of.HOME,
    format_: of.PlainFormat = of.Plain.text,
) -> None:
    """Print settings and where each came from, versions, and which sources and models are live."""
    from quaestor.cli import examining

    settings = {
        "local": local,
        "public": public,
        "web": web,
        "privacy": privacy and privacy.value,
        "exclude_source": exclude_source,
        "allow_host": allow_host,
        "model": model,
    }
    examining.doctor(home=home, settings=settings, as_format=format_)
