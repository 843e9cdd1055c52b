"""The commands of a sample, in the order in which they are given."""

import typer

from cli.sample import commit, findings, judge, pack, plan, progress
from cli.verify_pack import verify

app = typer.Typer(help="Plan, freeze, draw and judge an assurance sample.", no_args_is_help=True)


@app.callback()
def sample() -> None:
    """Plan, freeze, draw and judge an assurance sample."""


app.command("plan")(plan.plan)
app.command("list")(progress.list_)
app.command("show")(progress.show)
app.command("freeze")(commit.freeze)
app.command("seed")(commit.seed)
app.command("draw")(commit.draw)
app.command("worksheet")(judge.worksheet)
app.add_typer(findings.app, name="findings")
app.command("extend")(judge.extend)
app.command("evaluate")(judge.evaluate)
app.command("pack")(pack.pack)
app.command("verify")(verify)
