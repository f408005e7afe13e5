"""The rows whose changes are logged: the one place that names their tables and columns."""

from collections.abc import Mapping
from dataclasses import dataclass

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Entity:
    """A table whose rows are logged, its key, and the columns that may change."""

    table: str
    key: str
    fields: frozenset[str]


def _entity(table: str, key: str, fields: str) -> Entity:
    return Entity(table, key, frozenset(fields.split()))


ENTITIES: Mapping[str, Entity] = {
    "account": _entity(
        "account",
        "account_key",
        "account_id name domain segment industry region csm lifecycle_stage started_on currency "
        "has_churned parent_key merged_into next_step next_step_owner next_step_due "
        "next_step_said_on value_driver fit advisory_board advocacy preferred_channel import_id",
    ),
    "person": _entity("person", "person_id", "name email role"),
    "contact": _entity(
        "contact",
        "contact_id",
        "account_key name email role title preferred_channel opted_out left_on import_id",
    ),
    "subscription": _entity(
        "subscription",
        "subscription_id",
        "account_key product plan seats arr_minor currency start_date end_date term_months "
        "notice_days auto_renew is_trial cancelled_on signed_on discount_e4 import_id",
    ),
    "ticket": _entity(
        "ticket",
        "ticket_id",
        "account_key subject opened_at first_response_at closed_at priority driver channel "
        "reopened_count is_complaint is_escalated csat reassigned_count asked_again_count "
        "waiting_minutes import_id",
    ),
    "survey_response": _entity(
        "survey_response",
        "response_id",
        "account_key contact_id answered_on kind score comment replied_on replied_by import_id",
    ),
    "touchpoint": _entity(
        "touchpoint",
        "touchpoint_id",
        "account_key contact_id occurred_at channel direction kind sentiment reason summary note "
        "author origin import_id",
    ),
    "churn_event": _entity(
        "churn_event",
        "churn_event_id",
        "account_key churned_on reason feedback refund_minor currency is_reactivation import_id",
    ),
    "invoice": _entity(
        "invoice",
        "invoice_id",
        "account_key amount_minor currency issued_on due_on paid_on import_id",
    ),
    "promise": _entity(
        "promise",
        "promise_id",
        "account_key contact_id promised_by what owner made_on due_on kept_on state evidence "
        "follows origin import_id",
    ),
    "forecast": _entity(
        "forecast",
        "forecast_id",
        "account_key opportunity_id category amount_minor currency probability_e4 closes_on "
        "risk_category narrative next_step author made_at reason import_id renewal_end "
        "missing_fact missing_on renew_today renew_ten review_id",
    ),
    "commitment": _entity(
        "commitment",
        "commitment_id",
        "account_key renewal_end level signer contact_id given_on evidence amount_minor currency "
        "term_months author made_at review_id",
    ),
    "notice": _entity(
        "notice",
        "notice_id",
        "account_key renewal_end received_on given_by scope part_minor currency document author "
        "made_at",
    ),
    "review_decision": _entity(
        "review_decision",
        "review_decision_id",
        "review_id account_key renewal_end kind told ref_id author made_at",
    ),
    "renewal_outcome": _entity(
        "renewal_outcome",
        "outcome_id",
        "account_key renewal_end ending how closed_on due_minor renewed_minor currency author "
        "made_at reason corrects",
    ),
    "signal": _entity(
        "signal",
        "signal_id",
        "account_key kind reason severity is_opportunity evidence resolves_when opened_on "
        "last_seen_on snoozed_until resolved_on resolution resolved_by ended_on",
    ),
    "ruler_change": _entity(
        "ruler_change",
        "ruler_change_id",
        "metric_id day direction accounts moved factor noticed_on lifted_on lifted_by reason "
        "segments",
    ),
    "usage_metric": _entity(
        "usage_metric",
        "metric_id",
        "name label unit rollup higher_is_better source fresh_days low high tested_until "
        "other_unit kind per_seat quota",
    ),
    "override": _entity(
        "override",
        "override_id",
        "account_key band points_e4 reason author made_on expires_on withdrawn_on withdrawn_by",
    ),
    "rating": _entity(
        "rating", "rating_id", "account_key rated value reason author rated_on known_on"
    ),
    "task": _entity(
        "task",
        "task_id",
        "account_key what owner due_on state origin origin_id author made_on ended_on ended_by "
        "note snoozed_until",
    ),
    "goal": _entity(
        "goal",
        "goal_id",
        "account_key what measure unit baseline target now_value now_on due_on contact_id "
        "confirmed_by confirmed_on state said_on author origin import_id",
    ),
    "pain_point": _entity(
        "pain_point",
        "pain_point_id",
        "account_key what contact_id said_on solved_on author origin",
    ),
    "concession": _entity(
        "concession",
        "concession_id",
        "account_key kind reason cost_minor currency state asked_on limit_role limit_minor "
        "decided_by decided_on given_on outcome outcome_on author origin",
    ),
    "imposed_change": _entity(
        "imposed_change",
        "imposed_change_id",
        "account_key kind what announced_on effective_on author origin",
    ),
    "product_request": _entity(
        "product_request",
        "product_request_id",
        "account_key contact_id what theme asked_on state decided_on told_on author origin",
    ),
    "complaint": _entity(
        "complaint",
        "complaint_id",
        "account_key contact_id ticket_id what severity owner state arrived_on answer_due_on "
        "resolved_on follow_up_on closed_on verdict author origin",
    ),
    "complaint_step": _entity(
        "complaint_step",
        "complaint_step_id",
        "account_key complaint_id state reached_on told_on told_how note author origin",
    ),
    "exit_reason": _entity(
        "exit_reason",
        "exit_reason_id",
        "account_key view reason detail said contact_id competitor noted_on win_back_on author "
        "origin",
    ),
    "note": _entity("note", "note_id", "account_key contact_id written_on text author origin"),
    "incident": _entity(
        "incident",
        "incident_id",
        "account_key shared what severity began_on told_on told_by author origin",
    ),
    "kpi_response": _entity("kpi_response", "response_id", "metric period what author made_on"),
    "survey_invitation": _entity(
        "survey_invitation", "invitation_id", "account_key contact_id kind sent_on import_id"
    ),
    "mention": _entity(
        "mention",
        "mention_id",
        "account_key source url said_by said_on text sentiment severity handled_on handled_by "
        "import_id",
    ),
    "theme_name": _entity("theme_name", "theme_name_id", "terms name author"),
    "field_conflict": _entity(
        "field_conflict",
        "field_conflict_id",
        "of_entity of_id of_field mine theirs import_id theirs_by state decided_by",
    ),
    "custom_field": _entity("custom_field", "custom_field_id", "label type"),
    "custom_value": _entity(
        "custom_value", "custom_value_id", "account_key custom_field_id value import_id"
    ),
    "saved_view": _entity("saved_view", "view_id", "name filter sort descending actor"),
    "play": _entity(
        "play",
        "play_id",
        "account_key playbook_id version playbook_hash state evidence signal_id signal_on "
        "suggested_on started_on ended_on owner reason",
    ),
    "play_step": _entity(
        "play_step",
        "play_step_id",
        "play_id step_id state done_on answers reason evidence owner snoozed_until actor",
    ),
    "message": _entity(
        "message",
        "message_id",
        "account_key play_id step_id contact_id channel kind subject body state author drafted_on "
        "approved_by sent_on override_reason",
    ),
    "hand_over": _entity(
        "hand_over",
        "hand_over_id",
        "from_person to_person begins_on until accounts moved state author made_on",
    ),
}
