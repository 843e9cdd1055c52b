"""Where `counterfoil` begins: a pack is verified without loading anything that it does not need."""

import sys
import traceback


def run() -> None:
    """Run the command; `sample verify` alone, without database and Prefect."""
    if sys.argv[1:3] != ["sample", "verify"]:
        from cli.main import run as run_all

        run_all()
        return
    from cli.output import Exit
    from cli.verify_pack import app

    try:
        app(sys.argv[3:], prog_name="counterfoil sample verify")
    except Exception:  # noqa: BLE001 - or Python would end with 1, as if the pack differed
        traceback.print_exc()
        sys.exit(Exit.COULD_NOT_RUN)
