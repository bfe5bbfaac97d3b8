"""Makes the virtual environment that the tests and the driver run in. Quick when it is up to date."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "built-from"


def wanted() -> str:
    """Identify what the environment is made from."""
    made_from = [Path(__file__), ROOT / "requirements-dev.txt", ROOT / "pyproject.toml"]
    contents = b"".join(file.read_bytes() for file in made_from)
    return sha256(contents + sys.version.encode() + str(ROOT).encode()).hexdigest()


def pip(*args: str) -> None:
    """Install into the environment, which has no pip of its own."""
    options = ["--quiet", "--disable-pip-version-check", "--python", str(PYTHON)]
    subprocess.run([sys.executable, "-m", "pip", *options, "install", *args], cwd=ROOT, check=True)


def main() -> None:
    """Build unless that has been done."""
    if STAMP.exists() and STAMP.read_text() == wanted():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV], check=True)
    pip("--requirement", "requirements-dev.txt")
    pip("--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(wanted())


if __name__ == "__main__":
    main()
