"""Rules for the expanded template. Each yields a `Problem` per offence; `tests/rules` proves that each can fire."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from infra.lint.door import no_foreign_origin, own_concurrency, throttled
from infra.lint.idle import costs_nothing_idle
from infra.lint.problem import Problem, Template, listed, of_type, properties

Rule = Callable[[Template], Iterator[Problem]]

ACTIONS_WITHOUT_RESOURCE = {
    "comprehend:DetectSentiment": "Comprehend has no resource for a single text",
    "states:SendTaskSuccess": "a task token names no resource",
    "states:SendTaskFailure": "a task token names no resource",
}
"""Actions that IAM lets be granted on `*` only, each with the reason."""

MANAGED_POLICIES = {
    "AWSLambdaBasicExecutionRole": "writes logs; SAM attaches it to every function",
    "AWSLambdaDynamoDBExecutionRole": "reads streams; SAM attaches it to the reader of a stream",
}

MAX_STREAM_READERS = 2
"""A third reader of one shard is throttled. Source: DynamoDB developer guide, "Change data capture for Streams"."""


def own_log_group(template: Template) -> Iterator[Problem]:
    """Every function logs to a group of its own that forgets."""
    groups = of_type(template, "AWS::Logs::LogGroup")
    users: Counter[str] = Counter()
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        group = properties(function).get("LoggingConfig", {}).get("LogGroup")
        target = group.get("Ref") if isinstance(group, dict) else None
        if target not in groups:
            yield Problem("log-group", name, "LoggingConfig.LogGroup names no log group of this template")
            continue
        users[target] += 1
        if users[target] > 1:
            yield Problem("log-group", name, f"shares {target} with another function")
    for name, group in groups.items():
        if "RetentionInDays" not in properties(group):
            yield Problem("log-group", name, "keeps logs for ever: no RetentionInDays")


def timeout(template: Template) -> Iterator[Problem]:
    """Every function says how long it may run."""
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        if "Timeout" not in properties(function):
            yield Problem("timeout", name, "has no Timeout")


def failure_destination(template: Template) -> Iterator[Problem]:
    """What fails for good lies somewhere.

    A function that only the HTTP API calls is exempt: its caller hears of the failure.
    """
    with_destination = {
        properties(config)["FunctionName"].get("Ref")
        for config in of_type(template, "AWS::Lambda::EventInvokeConfig").values()
        if properties(config).get("DestinationConfig", {}).get("OnFailure")
    }
    called_by_api = {
        properties(permission)["FunctionName"].get("Ref")
        for permission in of_type(template, "AWS::Lambda::Permission").values()
        if properties(permission).get("Principal") == "apigateway.amazonaws.com"
    }
    for name in of_type(template, "AWS::Lambda::Function"):
        if name not in with_destination and name not in called_by_api:
            yield Problem("failure-destination", name, "has no EventInvokeConfig with a failure destination")
    for name, mapping in of_type(template, "AWS::Lambda::EventSourceMapping").items():
        if not properties(mapping).get("DestinationConfig", {}).get("OnFailure"):
            yield Problem("failure-destination", name, "a batch that fails for good is lost: no DestinationConfig")


def least_privilege(template: Template) -> Iterator[Problem]:
    """Every function has a role of its own, and no role may do anything to everything."""
    roles = of_type(template, "AWS::IAM::Role")
    users: Counter[str] = Counter()
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        role = properties(function)["Role"]
        target = role.get("Fn::GetAtt", [""])[0] if isinstance(role, dict) else ""
        if target not in roles:
            yield Problem("policy", name, "its role is none of this template's")
        users[target] += 1
        if target and users[target] > 1:
            yield Problem("policy", name, f"shares {target} with another function")
    for name, role in roles.items():
        for arn in properties(role).get("ManagedPolicyArns", []):
            if str(arn).rsplit("/", 1)[-1] not in MANAGED_POLICIES:
                yield Problem("policy", name, f"managed policy {arn} is not on the list")
        for policy in possible(properties(role).get("Policies", [])):
            yield from _statements(name, policy["PolicyDocument"])


def possible(given: Any) -> Iterator[dict[str, Any]]:
    """The members of a list, also those that hang on a condition."""
    ahead = [*listed(given)]
    while ahead:
        one = ahead.pop(0)
        if "Fn::If" in one:
            ahead += [branch for branch in one["Fn::If"][1:] if branch != {"Ref": "AWS::NoValue"}]
        else:
            yield one


def _statements(role: str, document: dict[str, Any]) -> Iterator[Problem]:
    for statement in listed(document["Statement"]):
        actions = listed(statement.get("Action", "*"))
        for action in actions:
            if "*" in action:
                yield Problem("policy", role, f"grants {action}: name the actions")
        if "*" in listed(statement.get("Resource", "*")):
            for action in actions:
                if action not in ACTIONS_WITHOUT_RESOURCE:
                    yield Problem("policy", role, f"grants {action} on everything")


def schedule_retries(template: Template) -> Iterator[Problem]:
    """Every schedule says how often it tries; unsaid means 185 times over a day."""
    for name, schedule in of_type(template, "AWS::Scheduler::Schedule").items():
        if "RetryPolicy" not in properties(schedule).get("Target", {}):
            yield Problem("schedule-retry", name, "its target has no RetryPolicy")


def stream_readers(template: Template) -> Iterator[Problem]:
    """At most two functions read one stream."""
    readers = Counter(
        str(properties(mapping).get("EventSourceArn"))
        for mapping in of_type(template, "AWS::Lambda::EventSourceMapping").values()
    )
    for stream, count in readers.items():
        if count > MAX_STREAM_READERS:
            yield Problem("stream-readers", stream, f"{count} functions read it, more than {MAX_STREAM_READERS}")


_NAMING = {
    "AWS::ApiGatewayV2::Api": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolClient": "ClientName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
_ALLOWED_NAMES: dict[str, Callable[[Any], bool]] = {
    "AWS::Events::EventBus": lambda name: name == {"Ref": "AWS::StackName"},
    "AWS::SSM::Parameter": lambda name: (
        isinstance(name, dict) and str(name.get("Fn::Sub", "")).startswith("/hark/${AWS::StackName}/")
    ),
}


def no_physical_names(template: Template) -> Iterator[Problem]:
    """Two stacks fit into one account: names are CloudFormation's, or begin with the stack's."""
    for name, resource in template["Resources"].items():
        key = _NAMING.get(resource["Type"])
        if key and key in properties(resource):
            given = properties(resource)[key]
            if not _ALLOWED_NAMES.get(resource["Type"], lambda _: False)(given):
                yield Problem("physical-name", name, f"{key} is given: {given}")


_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


def sign_in_cannot_be_turned_elsewhere(template: Template) -> Iterator[Problem]:
    """Where people sign in follows from the template's own pool; nothing chosen at deployment leads elsewhere."""
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        variables = properties(function).get("Environment", {}).get("Variables", {})
        if "SIGN_IN_URL" not in variables:
            continue
        url = variables["SIGN_IN_URL"]
        text = url.get("Fn::Sub") if isinstance(url, dict) else None
        used = set(_REFERENCE.findall(text)) if isinstance(text, str) else set()
        if "SignInDomain" not in used or any(n != "SignInDomain" and not n.startswith("AWS::") for n in used):
            yield Problem("sign-in", name, "SIGN_IN_URL has to be made of SignInDomain and nothing else")


RULES: tuple[Rule, ...] = (
    own_log_group,
    timeout,
    failure_destination,
    least_privilege,
    schedule_retries,
    stream_readers,
    no_physical_names,
    sign_in_cannot_be_turned_elsewhere,
    costs_nothing_idle,
    throttled,
    no_foreign_origin,
    own_concurrency,
)


def check(template: Template) -> list[Problem]:
    """All problems of an expanded template."""
    return [problem for rule in RULES for problem in rule(template)]
