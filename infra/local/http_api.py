"""An HTTP API's OpenAPI body as routes and integrations, because the engine overlooks the body (engine_gaps)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"


def expand_bodies(template: dict[str, Any]) -> None:
    """Replace each `Body` in place by `Integration` and `Route` resources of the same meaning.

    Raises:
        ValueError: the body holds something for which no resource is made here (authorizers, CORS).
    """
    resources = template["Resources"]
    for api, resource in list(resources.items()):
        properties = resource.get("Properties", {})
        if resource["Type"] != "AWS::ApiGatewayV2::Api" or "Body" not in properties:
            continue
        body = properties.pop("Body")
        for key in ("x-amazon-apigateway-cors", "components", "security"):
            if body.get(key):
                raise ValueError(f"{api}: the local cloud makes nothing of {key!r} yet")
        properties.pop("FailOnWarnings", None)  # goes with a body
        properties.update(Name=api, ProtocolType="HTTP")
        resources.update(_routes(api, body["paths"]))


def _routes(api: str, paths: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, operations in paths.items():
        for method, operation in operations.items():
            integration = operation[_INTEGRATION]
            if operation.get("security"):
                raise ValueError(f"{api}: the local cloud makes nothing of an authorizer yet ({path})")
            target = f"{api}To{_short(json.dumps(integration['uri'], sort_keys=True))}"
            made[target] = {
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": {"Ref": api},
                    "IntegrationType": integration["type"].upper(),
                    "IntegrationUri": integration["uri"],
                    "IntegrationMethod": integration["httpMethod"],
                    "PayloadFormatVersion": integration["payloadFormatVersion"],
                },
            }
            key = f"{'ANY' if method == _ANY else method.upper()} {path}"
            made[f"{api}Route{_short(key)}"] = {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": api},
                    "RouteKey": key,
                    "Target": {"Fn::Sub": f"integrations/${{{target}}}"},
                },
            }
    return made


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
