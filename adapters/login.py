"""Who is at the keyboard, by the operating system's own word."""

import getpass
import os
import sys


def os_user() -> str:
    """The account this process runs as, ``user:<login>``; ``user:uid <number>`` if it has no name.

    By the process and not by LOGNAME or USER, which anyone can set.  Windows tells no more
    than those.
    """
    if sys.platform == "win32":
        return f"user:{getpass.getuser()}"
    import pwd

    try:
        return f"user:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"user:uid {os.getuid()}"
