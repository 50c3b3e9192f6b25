"""Rules for the HTTP API in front of everything: how much may come, and for whom answers are."""

from __future__ import annotations

from collections.abc import Iterator

from infra.lint.problem import Problem, Template, of_type, properties

_LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")


def throttled(template: Template) -> Iterator[Problem]:
    """Every stage limits each of its routes, whatever it is called with (H23, I39)."""
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage").items():
        given = properties(stage)
        settings = {"each route": given.get("DefaultRouteSettings", {}), **given.get("RouteSettings", {})}
        for route, limits in settings.items():
            for limit in _LIMITS:
                if limit not in limits:
                    yield Problem("throttle", name, f"{limit} is not set for {route}")


def no_foreign_origin(template: Template) -> Iterator[Problem]:
    """The desk is asked by its own page only, so there is no list of origins to be wrong (H44)."""
    for name, api in of_type(template, "AWS::ApiGatewayV2::Api").items():
        given = properties(api)
        if "CorsConfiguration" in given or "x-amazon-apigateway-cors" in given.get("Body", {}):
            yield Problem("cors", name, "lets other origins read answers")


def own_concurrency(template: Template) -> Iterator[Problem]:
    """What the outside calls can be given concurrency of its own, so that a flood stops there (I39)."""
    called = {
        properties(permission)["FunctionName"].get("Ref")
        for permission in of_type(template, "AWS::Lambda::Permission").values()
        if properties(permission).get("Principal") == "apigateway.amazonaws.com"
    }
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        if name in called and "ReservedConcurrentExecutions" not in properties(function):
            yield Problem("concurrency", name, "is called from outside and has no ReservedConcurrentExecutions")
