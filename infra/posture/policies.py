"""The policies of an expanded template as IAM would get them: names of resources put in, for parliament to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from infra.lint.problem import Template, listed, properties
from infra.lint.rules import possible

_ACCOUNT = "us-east-1:123456789012"
_ARNS = {
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{_ACCOUNT}:table/NAME",
    "AWS::Events::ApiDestination": f"arn:aws:events:{_ACCOUNT}:api-destination/NAME/0000",
    "AWS::Events::EventBus": f"arn:aws:events:{_ACCOUNT}:event-bus/NAME",
    "AWS::Lambda::Function": f"arn:aws:lambda:{_ACCOUNT}:function:NAME",
    "AWS::S3::Bucket": "arn:aws:s3:::NAME",
    "AWS::SQS::Queue": f"arn:aws:sqs:{_ACCOUNT}:NAME",
    "AWS::StepFunctions::StateMachine": f"arn:aws:states:{_ACCOUNT}:stateMachine:NAME",
}
_PSEUDO = {
    "AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "123456789012", "AWS::StackName": "hark",
    "AWS::URLSuffix": "amazonaws.com",
}  # fmt: skip


def policies(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every policy of the template's roles with the role's logical id, also those that hang on a condition.

    Raises:
        KeyError: a policy names a resource of a type whose ARN is not known here.
    """
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in possible(properties(resource).get("Policies", [])):
                yield name, _resolved(policy["PolicyDocument"], template)


def _resolved(value: Any, template: Template) -> Any:
    if isinstance(value, list):
        return [_resolved(each, template) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::GetAtt"}:
        return _attribute(".".join(listed(value["Fn::GetAtt"])), template)
    if set(value) == {"Ref"}:
        return _attribute(value["Ref"], template)
    if set(value) == {"Fn::Sub"}:
        text, given = value["Fn::Sub"], {}
        if isinstance(text, list):
            text, given = text
        return re.sub(r"\$\{([^}]+)\}", lambda m: str(given.get(m[1]) or _attribute(m[1], template)), text)
    return {key: _resolved(each, template) for key, each in value.items()}


def _attribute(reference: str, template: Template) -> str:
    if reference in _PSEUDO:
        return _PSEUDO[reference]
    name, _, attribute = reference.partition(".")
    if name in template.get("Parameters", {}):
        return str(template["Parameters"][name].get("Default", "")) or "given"
    arn = _ARNS[template["Resources"][name]["Type"]].replace("NAME", name)
    names_by_arn = attribute == "Arn" or template["Resources"][name]["Type"] == "AWS::StepFunctions::StateMachine"
    return arn if names_by_arn and attribute != "Name" else name
