"""The composition names what there is: settings that the hub has, files that are here, services that are described."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.core.settings import HubSettings

DOCKER = Path("docker")
MADE_BY_THE_OPERATOR = {"docker/certificates"}


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    composition: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return composition


def test_the_hub_knows_every_setting(
    composed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = composed["services"]["hub"]["environment"]
    known = {f"WELLHEARD_{name.upper()}" for name in HubSettings.model_fields}
    assert environment.keys() <= known
    for name, value in environment.items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:\?[^}]*\}", "word", str(value)))
    settings = HubSettings()
    assert settings.broker_tls == "0.0.0.0:8883"
    assert settings.secure_cookies
    assert settings.database_url().startswith("postgresql+psycopg://wellheard:word@database/")


def test_what_is_mounted_is_here(composed: dict[str, Any]) -> None:
    volumes = set(composed["volumes"])
    for service in composed["services"].values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                path = (DOCKER / source).resolve().relative_to(Path.cwd()).as_posix()
                assert path in MADE_BY_THE_OPERATOR or Path(path).is_file(), path
            else:
                assert source in volumes


def test_services_wait_for_ones_that_can_be_asked(composed: dict[str, Any]) -> None:
    services = composed["services"]
    dockerfile = (DOCKER / "Dockerfile").read_text()
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy"
            assert "healthcheck" in services[needed] or "HEALTHCHECK" in dockerfile
    assert services["proxy"]["network_mode"] == "service:hub"
    assert (
        "proxy_pass http://127.0.0.1:8080"
        in Path("firmware_config/nginx/wellheard.conf").read_text()
    )
    published = {port.split(":")[1] for port in services["hub"]["ports"]}
    assert {
        "80",
        "443",
        services["hub"]["environment"]["WELLHEARD_BROKER_TLS"].split(":")[1],
    } == published
