"""What a force's ICT team sets: one TOML file, each value overridable by the environment.

`counterfoil init` writes the file.  Paths in it are relative to the file's own folder, so
an installation can be moved.  Keys are read from files that only the service account can
read; they are never in the settings file, the database or the logs.
"""

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from domain.errors import SettingsRefused
from domain.words import Feed

FILE_NAME = "counterfoil.toml"
SMALLEST_KEY = 32
FORCE_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")


class FeedSettings(BaseModel):
    """Where one feed of one force arrives, and how its columns are read."""

    model_config = ConfigDict(extra="forbid")

    folder: Path
    map: Path | None = None


class ForceSettings(BaseModel):
    """One force: its feeds, its key and its policy."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    key_file: Path
    policy: Path | None = None
    referrals: FeedSettings
    documents: FeedSettings
    identifiers: dict[str, Any] = {}

    def feed(self, feed: Feed) -> FeedSettings:
        """The settings of one of the two feeds."""
        return self.referrals if feed == Feed.REFERRALS else self.documents


class Settings(BaseSettings):
    """Every setting, with what the environment (COUNTERFOIL_...) says taking precedence."""

    model_config = SettingsConfigDict(
        env_prefix="COUNTERFOIL_", env_nested_delimiter="__", extra="forbid"
    )

    root: Path = Field(default=Path(), exclude=True)
    database_url: str = "sqlite:///counterfoil.db"
    after_taking: Literal["archive", "remove"] = "archive"
    archive: Path = Path("archive")
    weights: Path | None = None
    dask: str | None = Field(default=None, pattern=r"^(tcp|tls)://[^\s/]+:\d+$")
    forces: dict[str, ForceSettings] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file, which comes as arguments."""
        return env_settings, init_settings

    @cached_property
    def database(self) -> str:
        """The database URL, a relative SQLite path made absolute from the settings' folder."""
        prefix = "sqlite:///"
        if not self.database_url.startswith(prefix):
            return self.database_url
        return prefix + str(self.path(Path(self.database_url.removeprefix(prefix))))

    def path(self, path: Path) -> Path:
        """A path of the settings, relative ones from the settings' own folder."""
        return path if path.is_absolute() else (self.root / path).resolve()

    def force(self, code: str) -> ForceSettings:
        """One force's settings; raises SettingsRefused when the code is not set up."""
        if code not in self.forces:
            known = ", ".join(sorted(self.forces)) or "none"
            raise SettingsRefused(
                f"Force {code} is not set up. The settings name: {known}."
                f" Name one of these, or add it: counterfoil init {code}. Nothing was done."
            )
        return self.forces[code]

    def key(self, code: str) -> bytes:
        """The force's token key; raises SettingsRefused when it is missing or too short."""
        file = self.path(self.force(code).key_file)
        try:
            key = file.read_bytes().strip()
        except OSError as why:
            raise SettingsRefused(
                f"The token key of force {code} cannot be read from {file}"
                f" ({why.strerror}). Put the key back from its escrow copy; a new key would"
                " make every stored person token incomparable."
            ) from None
        if len(key) < SMALLEST_KEY:
            raise SettingsRefused(
                f"The token key of force {code} in {file} has {len(key)} bytes;"
                f" it needs at least {SMALLEST_KEY}."
            )
        return key


def load(folder: Path) -> Settings:
    """The settings of the installation in `folder`.

    Raises:
        SettingsRefused: there is no settings file, or something in it is wrong; the
            message lists every problem by its key and never shows a value.
    """
    file = folder / FILE_NAME
    try:
        return Settings(**{**tomllib.loads(file.read_text("utf-8")), "root": folder.resolve()})
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsRefused(
            f"There is no {FILE_NAME} in {folder.resolve()}. Run `counterfoil init` there,"
            " or name the folder with --home or COUNTERFOIL_HOME. Nothing was done."
        ) from None
    except OSError as why:
        raise SettingsRefused(
            f"{file} cannot be read ({why.strerror}). Check whose it is. Nothing was done."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise SettingsRefused(f"{file} is not TOML: {why}. Nothing was done.") from None
    except ValidationError as why:
        raise SettingsRefused(
            f"{file}, or a COUNTERFOIL_ variable of the environment, cannot be used:"
            f" {_problems(why)}. Nothing was done."
        ) from None
    except SettingsError as why:
        raise SettingsRefused(f"{why}: write JSON, or unset it. Nothing was done.") from None


def _problems(why: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or 'file'}: {problem['msg']}"
        for problem in why.errors(include_input=False, include_url=False)
    )
