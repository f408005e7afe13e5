"""`csw churn`: who may leave, and the record that earned the right to say so."""

import click

from cs_workbench.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "readiness": Entry(
        "cs_workbench.cli.churn_readiness:readiness_command", "What the history can teach."
    ),
    "backtest": Entry(
        "cs_workbench.cli.churn_backtest:backtest_command", "How good a model would have been."
    ),
    "train": Entry("cs_workbench.cli.churn_train:train_command", "Make a model, with its record."),
    "models": Entry("cs_workbench.cli.churn_train:models_command", "The models and their word."),
    "switch": Entry(
        "cs_workbench.cli.churn_train:switch_command", "Put a model into use, or none."
    ),
    "predict": Entry("cs_workbench.cli.churn_predict:predict_command", "Who may leave."),
    "explain": Entry("cs_workbench.cli.churn_predict:explain_command", "Why an account may leave."),
}


@click.group(cls=LazyGroup, entries=COMMANDS)
def churn() -> None:
    """Who may leave, and why; never without the record that earned the number."""
