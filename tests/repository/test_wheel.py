"""What is installed from the wheel works without the source tree beside it."""

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOK = """
import importlib, pkgutil, sys
sys.path[:0] = [sys.argv[1]]
sys.path.append(sys.argv[2])
from pathlib import Path
for folder in sorted(Path(sys.argv[1]).iterdir()):
    if not (folder / "__init__.py").exists():
        continue
    package = importlib.import_module(folder.name)
    assert Path(package.__file__).is_relative_to(sys.argv[1]), package.__file__
    for module in pkgutil.walk_packages(package.__path__, folder.name + "."):
        if module.name.startswith("migrations.") or module.name.endswith("__main__"):
            continue
        importlib.import_module(module.name)
from cli.main import app
app(sys.argv[3:])
"""


def installed(folder: Path) -> Path:
    """The wheel, built from this tree and installed by itself into an empty folder."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"),
            *("--target", str(target), str(wheel)),
        ],
        check=True,
        capture_output=True,
    )
    return target


def counterfoil(target: Path, folder: Path, *words: str) -> str:
    """What the installed command prints, the source tree being out of reach."""
    libraries = sysconfig.get_path("purelib")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LOOK, str(target), libraries, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_package_and_its_data(tmp_path: Path) -> None:
    """
    An editable install hides a package or a data file that was forgotten in the wheel.
    """
    target = installed(tmp_path)

    assert "doctor" in counterfoil(target, tmp_path, "--help")
    made = counterfoil(target, tmp_path, "--home", str(tmp_path / "home"), "init", "EX")
    assert "drop folder" in made
    assert (tmp_path / "home" / "counterfoil.db").exists()
