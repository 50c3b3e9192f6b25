"""Nothing in the template costs money while idle.

A list of what is known to be free when nothing happens, each with what would make it cost. Whatever is not on the
list is refused, so that a new kind of resource has to be thought about once. Prices: docs/costs.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from infra.lint.problem import Problem, Template, properties

Check = Callable[[dict[str, Any]], str | None]
"""Takes a resource; gives what makes it cost while idle, or None."""


def _free(_: dict[str, Any]) -> str | None:
    return None


def _without(**costly: str) -> Check:
    """Free unless one of the properties is there; the values say why each costs."""

    def check(resource: dict[str, Any]) -> str | None:
        for name, reason in costly.items():
            if name in properties(resource):
                return f"{name}: {reason}"
        return None

    return check


def _function(resource: dict[str, Any]) -> str | None:
    return _without(
        VpcConfig="a function in a VPC needs a NAT gateway or endpoints, charged by the hour",
        SnapStart="kept snapshots are charged by the second for Python",
        KmsKeyArn="a KMS key is charged by the month",
        ProvisionedConcurrencyConfig="provisioned concurrency is charged by the second",
    )(resource)


def _table(resource: dict[str, Any]) -> str | None:
    given = properties(resource)
    if given.get("BillingMode") != "PAY_PER_REQUEST":
        return "BillingMode: provisioned capacity is charged by the hour"
    if given.get("SSESpecification", {}).get("SSEEnabled") not in (None, False, "false"):
        return "SSESpecification: a KMS key is charged for; the service's own key is free"
    if any("ProvisionedThroughput" in index for index in given.get("GlobalSecondaryIndexes", [])):
        return "ProvisionedThroughput: provisioned capacity is charged by the hour"
    return _without(
        ProvisionedThroughput="provisioned capacity is charged by the hour",
        KinesisStreamSpecification="a Kinesis stream is charged by the hour",
        WarmThroughput="pre-warming is charged for",
        ContributorInsightsSpecification="is charged by the rule and event",
    )(resource)


def _stream_mapping(resource: dict[str, Any]) -> str | None:
    source = properties(resource).get("EventSourceArn")
    if not (isinstance(source, dict) and str(source.get("Fn::GetAtt", ["", ""])[-1]) == "StreamArn"):
        return "EventSourceArn: a mapped queue or Kinesis stream is polled, and paid for, while empty"
    return _without(ProvisionedPollerConfig="provisioned pollers are charged by the hour")(resource)


def _bucket(resource: dict[str, Any]) -> str | None:
    rules = properties(resource).get("LifecycleConfiguration", {}).get("Rules", [])
    if not any(rule.get("Status") == "Enabled" and "ExpirationInDays" in rule for rule in rules):
        return "LifecycleConfiguration: what is kept for ever is paid for for ever"
    return _without(
        BucketEncryption="a KMS key is charged for; the service's own key is free, and there without asking",
        AnalyticsConfigurations="is charged by the object watched",
        IntelligentTieringConfigurations="is charged by the object watched",
        InventoryConfigurations="is charged by the object listed",
        MetricsConfigurations="metrics of requests are charged by the month",
        ReplicationConfiguration="is charged by the byte copied",
    )(resource)


def _parameter(resource: dict[str, Any]) -> str | None:
    return (
        "Tier: advanced parameters are charged by the month" if properties(resource).get("Tier") == "Advanced" else None
    )


def _pool(resource: dict[str, Any]) -> str | None:
    if properties(resource).get("UserPoolTier") == "PLUS":
        return "UserPoolTier: PLUS has no free users"
    return _without(SmsConfiguration="text messages need a number charged by the month")(resource)


def _alarm(resource: dict[str, Any]) -> str | None:
    return (
        None
        if "Condition" in resource
        else "an alarm is charged by the month: put it under a condition, off by default"
    )


def _api(resource: dict[str, Any]) -> str | None:
    return (
        "ProtocolType: only HTTP APIs are used" if properties(resource).get("ProtocolType", "HTTP") != "HTTP" else None
    )


FREE_WHEN_IDLE: dict[str, Check] = {
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::ApiGatewayV2::Stage": _free,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::Cognito::UserPool": _pool,
    "AWS::Cognito::UserPoolClient": _free,
    "AWS::Cognito::UserPoolDomain": _without(CustomDomainConfig="a domain of one's own is paid for"),
    "AWS::Cognito::UserPoolUser": _free,
    "AWS::DynamoDB::Table": _table,
    "AWS::Events::ApiDestination": _free,
    "AWS::Events::Connection": _without(
        KmsKeyIdentifier="a KMS key is charged by the month",
        InvocationConnectivityParameters="a private endpoint is charged by the hour",
    ),
    "AWS::Events::EventBus": _without(KmsKeyIdentifier="a KMS key is charged by the month"),
    "AWS::Events::Rule": _free,
    "AWS::IAM::Policy": _free,
    "AWS::IAM::Role": _free,
    "AWS::Lambda::EventInvokeConfig": _free,
    "AWS::Lambda::EventSourceMapping": _stream_mapping,
    "AWS::Lambda::Function": _function,
    "AWS::Lambda::LayerVersion": _free,
    "AWS::Lambda::Permission": _free,
    "AWS::Logs::LogGroup": _without(KmsKeyId="a KMS key is charged by the month"),
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Subscription": _free,
    "AWS::SNS::Topic": _without(KmsMasterKeyId="a KMS key is charged by the month"),
    "AWS::SQS::Queue": _without(KmsMasterKeyId="a KMS key is charged by the month"),
    "AWS::SQS::QueuePolicy": _free,
    "AWS::SSM::Parameter": _parameter,
    "AWS::Scheduler::Schedule": _free,
    "AWS::StepFunctions::StateMachine": _without(EncryptionConfiguration="a KMS key is charged by the month"),
}


def costs_nothing_idle(template: Template) -> Iterator[Problem]:
    """Every resource is of a kind known to be free when idle, and has nothing that costs then."""
    for name, resource in template["Resources"].items():
        check = FREE_WHEN_IDLE.get(resource["Type"])
        if check is None:
            yield Problem("idle-cost", name, f"{resource['Type']} is not known to cost nothing while idle")
        elif reason := check(resource):
            yield Problem("idle-cost", name, reason)
