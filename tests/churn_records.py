"""A record of a churn model as `csw churn train` keeps it, small and by hand."""

from typing import Any

_NUMBERS = {
    **dict.fromkeys(("auc", "auc_in_window", "auc_pre_notice", "average_precision"), 0.71),
    **dict.fromkeys(("low", "skill_low", "gain_low"), 0.02),
    **dict.fromkeys(("high", "skill_high", "gain_high"), 0.8),
    **dict.fromkeys(("log_loss", "skill", "gain", "brier", "brier_skill"), 0.1),
    **dict.fromkeys(("ece", "ece_floor"), 0.01),
    **dict.fromkeys(("o_e", "o_e_low", "o_e_high", "slope", "slope_low", "slope_high"), 0.97),
    **dict.fromkeys(("arr_captured_10", "precision_10", "arr_captured_k", "precision_k"), 0.4),
}
_PART = {"n": 1200, "events": 12, "auc": 0.7, "o_e": 1.1, "skill": 0.1}


def record(text: str = "told") -> dict[str, Any]:
    """The document; `text` stands wherever a customer's or a person's words can."""
    names = ("model", "base_rate", "last_use", "health", "calendar", "health_x_calendar")
    return {
        "schema": "csw.churn-backtest/1",
        "as_of": "2026-11-23",
        "horizon": 90,
        "lead": 0,
        "step": "ridge",
        "n": 4200,
        "events": 57,
        "verdict": f"On: {text}",
        "on": True,
        "alarms": [{"kind": "metric", "name": text, "auc": 0.9, "events": 12, "what": text}],
        "models": dict.fromkeys(names, _NUMBERS),
        "reliability": [
            {"expected": share, "observed": share, "low": 0.01, "high": 0.3, "n": 420, "events": 9}
            for share in (0.01, 0.05, 0.2)
        ],
        "leads": [
            {"lead": days, "n": 9, "events": 9, "auc": None, "skill": 0.1} for days in (0, 30)
        ],
        "renewals": [{"days_before": 120, **_PART}],
        "origins": [{"as_of": "2026-01-01", "method": "ridge", "trained_n": 1, **_PART}],
        "segments": [{"segment": text, **_PART}],
        "readiness": {"findings": [{"level": "problem", "what": text}]},
        "k": 20,
    }
