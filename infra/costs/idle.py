"""What a month costs in which nobody writes: the schedules run, find nothing, and that is all."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from infra.costs.durations import Run, gb_seconds
from infra.costs.line import Line
from infra.costs.measured import measured
from infra.expand import expand, read

DAYS = 30
"""Of the month all figures are for."""

KNOWN: dict[str, str] = {
    "AWS::ApiGatewayV2::Api": "by request; no request, no cost",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::CloudWatch::Alarm": "by metric watched and month; there is none unless the parameter `Alarms` is on",
    "AWS::Cognito::UserPool": "by active user; nobody signs in",
    "AWS::Cognito::UserPoolClient": "part of the pool",
    "AWS::Cognito::UserPoolDomain": "a prefix of AWS's own domain: free",
    "AWS::Cognito::UserPoolUser": "by active user",
    "AWS::DynamoDB::Table": "on demand: by unit read or written, stored GB, and GB of continuous backup",
    "AWS::Events::ApiDestination": "by event sent; exists only with a chat tool",
    "AWS::Events::Connection": "its secret is part of the price of an API destination; exists only with a chat tool",
    "AWS::Events::EventBus": "by event put on it",
    "AWS::Events::Rule": "events of AWS's own services are free",
    "AWS::IAM::Policy": "free",
    "AWS::IAM::Role": "free",
    "AWS::Lambda::EventInvokeConfig": "free",
    "AWS::Lambda::EventSourceMapping": "reads of a table's stream by Lambda are free, and filtered records call nobody",
    "AWS::Lambda::Function": "by request and GB-second",
    "AWS::Lambda::LayerVersion": "free",
    "AWS::Lambda::Permission": "free",
    "AWS::Logs::LogGroup": "by GB taken in and by GB kept",
    "AWS::S3::Bucket": "by GB kept and by request",
    "AWS::SNS::Subscription": "by message; exists only with alarms",
    "AWS::SNS::Topic": "by message; exists only with alarms",
    "AWS::SQS::Queue": "by request; no function is mapped to it, so nobody asks",
    "AWS::SQS::QueuePolicy": "free",
    "AWS::SSM::Parameter": "standard parameters are free",
    "AWS::Scheduler::Schedule": "by invocation",
    "AWS::StepFunctions::StateMachine": "by state transition; waiting costs nothing",
}
"""Every resource type of the expanded template, and what it is billed by. A new type has to be thought about here."""

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}


@cache
def resources() -> dict[str, Any]:
    """Resources of the expanded template, by logical id."""
    found: dict[str, Any] = expand()["Resources"]
    return found


def unknown_types() -> set[str]:
    """Resource types of the template that the calculation knows nothing of."""
    return {resource["Type"] for resource in resources().values()} - set(KNOWN)


def _default(value: Any) -> Any:
    """A property's value with the template's defaults put in."""
    if isinstance(value, dict) and set(value) == {"Ref"}:
        return read()["Parameters"][value["Ref"]]["Default"]
    return value


def minutes(schedule: str) -> int:
    """Minutes between two runs of a rate expression.

    Raises:
        ValueError: it is no rate expression.
    """
    found = _RATE.fullmatch(schedule)
    if not found:
        raise ValueError(f"not a rate: {schedule}")
    return int(found[1]) * _MINUTES[found[2]]


def function_of(folder: str) -> str:
    """Logical id of the function whose code is in `functions/<folder>`."""
    code = {name: r["Properties"].get("CodeUri") for name, r in read()["Resources"].items() if "Properties" in r}
    found: list[str] = [name for name, uri in code.items() if uri == f"functions/{folder}"]
    (only,) = found
    return only


def memory(folder: str) -> int:
    """Megabytes a function is given."""
    return int(resources()[function_of(folder)]["Properties"]["MemorySize"])


def runs(folder: str) -> int:
    """How often the schedules run a function in a month."""
    per_month = 0
    for resource in resources().values():
        if resource["Type"] != "AWS::Scheduler::Schedule":
            continue
        target = resource["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0]
        if target == function_of(folder):
            per_month += DAYS * 1440 // minutes(_default(resource["Properties"]["ScheduleExpression"]))
    return per_month


def scheduled() -> list[str]:
    """Folders of the functions that run on a schedule.

    Raises:
        ValueError: a schedule runs something whose idle run was not measured.
    """
    targets = {
        resource["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0]
        for resource in resources().values()
        if resource["Type"] == "AWS::Scheduler::Schedule"
    }
    known = {function_of(folder): folder for folder in measured()["idle"]}
    if targets != set(known):
        raise ValueError(f"measured {sorted(known)}, but the template schedules {sorted(targets)}")
    return sorted(known.values())


def lines(run: Run = "median") -> list[Line]:
    """Everything that costs something in an idle month, with one account connected and nobody signed in."""
    found, idle = [], measured()["idle"]
    total_runs = sum(runs(folder) for folder in scheduled())
    found.append(Line("EventBridge Scheduler: invocations", "eb_sched", total_runs))
    found.append(Line("Lambda: requests", "lambda_req", total_runs))
    for folder in scheduled():
        seconds = gb_seconds(folder, memory(folder), run) * runs(folder)
        found.append(Line(f"Lambda: `{folder}`, {count_of(folder)} runs, GB-seconds", "lambda_gbs_arm", seconds))
    for folder in scheduled():
        each = idle[folder]
        if each["read"]:
            found.append(Line(f"DynamoDB: reads of `{folder}`", "ddb_rru", each["read"] * runs(folder)))
        if writes := each["table_write"] + each["index_write"]:
            found.append(Line(f"DynamoDB: writes of `{folder}`", "ddb_wru", writes * runs(folder)))
    logged = sum(idle[folder]["log_bytes"] * runs(folder) for folder in scheduled()) / 1e9
    found.append(Line("CloudWatch Logs: GB taken in", "cw_log_in", logged))
    found.append(Line("CloudWatch Logs: GB kept", "cw_log_st", logged * _retention_days() / DAYS))
    return found


def nothing() -> list[Line]:
    """What is there and is billed by use, of which there is none."""
    return [
        Line("Table: stored GB", "ddb_gb", 0),
        Line("Table: GB of continuous backup", "ddb_pitr", 0),
        Line("Table: stream reads other than Lambda's", "ddb_stream", 0),
        Line("Media bucket: stored GB", "s3_gb", 0),
        Line("Media bucket: files put and lists asked for", "s3_put", 0),
        Line("Media bucket: files read", "s3_get", 0),
        Line("Failure queue: requests (nobody reads it)", "sqs", 0),
        Line("Event bus: events", "eb_custom", 0),
        Line("HTTP API: requests", "apigw_http", 0),
        Line("Workflow: state transitions", "sfn_std", 0),
        Line("Sign-in: active users", "cognito_mau", 0),
        Line("Parameter store: standard parameters", "ssm_std", len(_parameters())),
        Line("Alarms (off by default)", "cw_alarm", 0),
    ]


def alarms() -> int:
    """How many alarms there are when they are on."""
    return sum(resource["Type"] == "AWS::CloudWatch::Alarm" for resource in resources().values())


def watched() -> int:
    """How many metrics the alarms watch when they are on: each is billed as an alarm of its own."""
    alarms_on = [resource for resource in resources().values() if resource["Type"] == "AWS::CloudWatch::Alarm"]
    return sum(
        sum("MetricStat" in metric for metric in alarm["Properties"].get("Metrics", [])) or 1 for alarm in alarms_on
    )


def count_of(folder: str) -> str:
    """Runs a month, for reading."""
    return f"{runs(folder):,}"


def _retention_days() -> int:
    return int(read()["Parameters"]["LogRetentionDays"]["Default"])


def _parameters() -> list[str]:
    """Parameters the template makes, and the two that connecting an account makes."""
    made = [name for name, resource in resources().items() if resource["Type"] == "AWS::SSM::Parameter"]
    return [*made, "app", "account"]
