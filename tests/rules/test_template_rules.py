"""Each rule for template and workflow fires on a planted mistake, and none on what we ship."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.expand import ROOT, TEMPLATE, expand
from infra.lint import door, idle, rules, source, workflow
from infra.lint.problem import of_type

PLANTED = Path(__file__).parent / "planted.yaml"


@cache
def gate_on_planted() -> tuple[int, list[str]]:
    """Exit status and lines of the gate's rules on the planted template."""
    done = subprocess.run(
        [sys.executable, "-m", "infra.lint", str(PLANTED)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


def test_the_gate_refuses_the_planted_template() -> None:
    assert gate_on_planted()[0] == 1


@pytest.mark.parametrize(
    "begins",
    [
        "log-group: ForgetfulFunction: ",
        "log-group: EndlessLogGroup: keeps logs for ever",
        "log-group: SharingFunction: shares EndlessLogGroup",
        "timeout: ForgetfulFunction: ",
        "failure-destination: ForgetfulFunction: ",
        "failure-destination: ReaderFunctionFirst: ",
        "policy: MightyFunctionRole: grants dynamodb:PutItem on everything",
        "policy: MightyFunctionRole: grants sqs:*",
        "policy: MightyFunctionRole: managed policy arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess",
        "policy: SharingFunction: shares MightyFunctionRole",
        "schedule-retry: ForgetfulFunctionOften: ",
        "physical-name: ForgetfulFunctionOften: ",
        "physical-name: EndlessLogGroup: ",
        "sign-in: DeskFunction: ",
        "stream-readers: ",
        "throttle: OpenApiApiGatewayDefaultStage: ThrottlingRateLimit is not set for each route",
        "throttle: OpenApiApiGatewayDefaultStage: ThrottlingBurstLimit is not set for ANY /door",
        "cors: OpenApi: ",
        "concurrency: DoorFunction: ",
        "E3012 ",  # cfn-lint, in the template as written and in the expanded one
        "idle-cost: CostlyTable: BillingMode",
        "idle-cost: PolledQueueMapping: ",
        "idle-cost: LonelyAlarm: ",
        "idle-cost: CostlySecret: AWS::SecretsManager::Secret",
        "yaml-anchor: planted.yaml:",
        "yaml-cut: planted.yaml:",
        "workflow-engine: TimeoutSeconds: ",
        "workflow-timeout: Ask: ",
        "workflow-substitution: Table: ",
        "workflow-substitution: Unused: ",
        "workflow-update: Ask: :who",
        "workflow-name: States.Look.Arguments.FunctionName: names a platform",
        "workflow-name: States.Look.Arguments.FunctionName: holds an ARN",
        "workflow-name: States.Look.Arguments.FunctionName: holds an account",
        "workflow-expression: States.Look.Arguments.Payload: $nowhere",
        "workflow-expression: States.Found.Choices[0].Condition: no JSONata",
        "workflow-dangling: Found: leads to Gone",
        "workflow-busy-loop: Look: ",
        "workflow-unreachable: Island: ",
    ],
)
def test_a_planted_mistake_is_named(begins: str) -> None:
    assert [line for line in gate_on_planted()[1] if line.startswith(begins)], gate_on_planted()[1]


def test_every_rule_has_a_planted_mistake() -> None:
    named = {line.split(":")[0] for line in gate_on_planted()[1]}
    written = set()
    for module in (rules, door, idle, source, workflow):
        text = Path(module.__file__ or "").read_text()
        written |= {part.split('"')[1] for part in text.split("Problem(")[1:] if part.startswith('"')}
    assert len(written) >= 20
    assert written <= named


def test_what_we_ship_breaks_no_rule() -> None:
    expanded = expand()
    problems = rules.check(expanded) + source.check(TEMPLATE) + source.check(ROOT / "infra/workflow/case.asl.yaml")
    for machine in of_type(expanded, "AWS::StepFunctions::StateMachine").values():
        given = machine["Properties"]
        problems += workflow.check(given["Definition"], set(given["DefinitionSubstitutions"]))
    assert problems == []


def test_i39_door_desk_and_intake_have_each_their_own_limits_that_cost_nothing() -> None:
    template = expand()
    limits = {
        name: function["Properties"]["ReservedConcurrentExecutions"]["Fn::If"]
        for name, function in of_type(template, "AWS::Lambda::Function").items()
        if "ReservedConcurrentExecutions" in function["Properties"]
    }
    assert set(limits) == {"WebhookFunction", "DeskApiFunction", "IngestFunction"}
    parameters = {given[1]["Ref"] for given in limits.values()}
    assert len(parameters) == 3
    for parameter in parameters:
        known = template["Parameters"][parameter]
        assert known["Default"] == 0, "a new account has a concurrency of 10, of which none can be reserved"
        assert "Costs nothing" in known["Description"]
    for condition, parameter, otherwise in limits.values():
        assert template["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [parameter, 0]}]}
        assert otherwise == {"Ref": "AWS::NoValue"}


EXPIRING = {"Rules": [{"Status": "Enabled", "ExpirationInDays": 1}]}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("AWS::Lambda::Function", {"VpcConfig": {}}),
        ("AWS::Lambda::Function", {"SnapStart": {"ApplyOn": "PublishedVersions"}}),
        ("AWS::Lambda::Function", {"KmsKeyArn": "k"}),
        ("AWS::DynamoDB::Table", {"BillingMode": "PAY_PER_REQUEST", "SSESpecification": {"SSEEnabled": True}}),
        ("AWS::DynamoDB::Table", {"BillingMode": "PAY_PER_REQUEST", "KinesisStreamSpecification": {}}),
        ("AWS::DynamoDB::Table", {"BillingMode": "PAY_PER_REQUEST", "WarmThroughput": {}}),
        ("AWS::Lambda::EventSourceMapping", {"EventSourceArn": "arn:aws:kinesis:us-east-1:1:stream/s"}),
        ("AWS::SSM::Parameter", {"Tier": "Advanced"}),
        ("AWS::Cognito::UserPool", {"UserPoolTier": "PLUS"}),
        ("AWS::Cognito::UserPool", {"SmsConfiguration": {}}),
        ("AWS::SQS::Queue", {"KmsMasterKeyId": "k"}),
        ("AWS::SNS::Topic", {"KmsMasterKeyId": "k"}),
        ("AWS::Logs::LogGroup", {"KmsKeyId": "k"}),
        ("AWS::Events::EventBus", {"KmsKeyIdentifier": "k"}),
        ("AWS::StepFunctions::StateMachine", {"EncryptionConfiguration": {}}),
        ("AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"}),
        ("AWS::S3::Bucket", {}),
        ("AWS::S3::Bucket", {"LifecycleConfiguration": {"Rules": [{"Status": "Disabled", "ExpirationInDays": 1}]}}),
        ("AWS::S3::Bucket", {"LifecycleConfiguration": EXPIRING, "BucketEncryption": {}}),
        ("AWS::EC2::NatGateway", {}),
        ("AWS::EC2::VPCEndpoint", {}),
        ("AWS::KMS::Key", {}),
        ("AWS::RDS::DBInstance", {}),
        ("AWS::Kinesis::Stream", {}),
        ("AWS::Lambda::Alias", {"ProvisionedConcurrencyConfig": {}}),
        ("AWS::ApiGateway::Stage", {"CacheClusterEnabled": True}),
    ],
)
def test_what_costs_while_idle_is_refused(kind: str, given: dict[str, Any]) -> None:
    template = {"Resources": {"Planted": {"Type": kind, "Properties": given}}}
    assert [p.rule for p in idle.costs_nothing_idle(template)] == ["idle-cost"]


def test_a_value_cut_by_a_comment_sign_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text('a: x AND #status <> y\nb: "x #status"  # quoted\nc: fine  # a comment\nd: {"#s": status}\n')
    assert [(p.rule, p.where) for p in source.check(file)] == [("yaml-cut", "w.yaml:1")]


def test_a_loop_through_a_wait_is_no_busy_loop() -> None:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Look",
        "States": {
            "Look": {"Type": "Task", "Resource": "r", "TimeoutSeconds": 5, "Next": "Pause"},
            "Pause": {"Type": "Wait", "Seconds": 60, "Next": "Look"},
        },
    }
    assert workflow.check(definition, set()) == []
