"""Set up everything the project needs, on a machine that has Python >= 3.11 with venv, make and git.

    python3 tools/setup.py          what running needs
    python3 tools/setup.py test     and what the tests need (Chromium among it)

Standard library only. Each step runs when its inputs changed; a failure is one sentence that says what to do.
This first part must parse on old Pythons, so that they get the sentence and not a syntax error.
"""

import errno
import glob
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "bin")
UV = "uv==0.13.9"
NEED = (3, 11)
LEAST_FREE_MB = 3000


def stop(sentence):
    sys.stderr.write("yiwang: " + sentence + "\n")
    sys.exit(1)


def right_python():
    """Go on under a Python that is new enough, or say what to install."""
    if sys.version_info >= NEED:
        return
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    stop(
        "this is Python %d.%d; install Python 3.11 or newer with its venv module "
        "(Debian: apt-get install python3 python3-venv) and run make again." % sys.version_info[:2]
    )


def digest(*patterns):
    """One hash over the contents of all files that match, and of this Python's version."""
    total = hashlib.sha256(sys.version.encode())
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(ROOT, pattern), recursive=True)):
            if os.path.isfile(path):
                with open(path, "rb") as source:
                    total.update(path.encode() + b"\0" + source.read())
    return total.hexdigest()


def step(name, inputs, what, work):
    """Do ``work`` unless it was done with the same inputs."""
    stamp = os.path.join(VENV, "stamp-" + name)
    if os.path.exists(stamp):
        with open(stamp) as known:
            if known.read() == inputs:
                return
    sys.stdout.write(what + " ...\n")
    sys.stdout.flush()
    work()
    with open(stamp, "w") as out:
        out.write(inputs)


def call(command, trouble, fetches=False, **options):
    """Run a command quietly; on failure print its words and our sentence."""
    environment = {**os.environ, "PATH": BIN + os.pathsep + os.environ.get("PATH", ""), **options.pop("env", {})}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options
    )
    if done.returncode == 0:
        return
    output = done.stdout.decode("utf-8", "replace")
    sys.stderr.write(output[-4000:] + "\n")
    stop(reason(output, fetches) or trouble)


def reason(output, fetches):
    """What is behind a failed step, where its output tells."""
    low = output.lower()
    if "no space left" in low:
        return "the disk is full; free about %d MB below %s and run make again." % (LEAST_FREE_MB, ROOT)
    signs = ("name resolution", "failed to fetch", "connection", "enotfound", "timed out", "network", "dns error")
    if fetches and any(sign in low for sign in signs):
        return "the package registries can't be reached; check the network (or proxy settings) and run make again."
    return None


def make_venv():
    if os.path.exists(VENV) and not os.path.exists(os.path.join(BIN, "python")):
        shutil.rmtree(VENV)
    if not os.path.exists(os.path.join(BIN, "pip")):
        trouble = (
            "Python can't make a virtual environment; install its venv module (Debian: apt-get install python3-venv)."
        )
        call([sys.executable, "-m", "venv", VENV], trouble)
    call(
        [os.path.join(BIN, "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV],
        "uv could not be installed into .venv; see the lines above.",
        fetches=True,
    )


def install(lock):
    def work():
        uv = os.path.join(BIN, "uv")
        python = os.path.join(BIN, "python")
        call(
            [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock],
            "the Python packages of %s could not be installed; see the lines above." % lock,
            fetches=True,
        )
        call(
            [uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation", "-e", "."],
            "the project itself could not be installed; see the lines above.",
        )
        compile_python(os.path.join(VENV, "lib"))

    return work


def compile_python(*folders):
    """Byte code once, at set-up: where Python is told to write none, every start would compile every module anew."""
    with open(os.devnull, "w") as nowhere:
        # Packages ship test files of other Pythons that do not parse; they are never imported.
        subprocess.call(
            [os.path.join(BIN, "python"), "-m", "compileall", "-q", "-j", "0"] + list(folders),
            cwd=ROOT,
            stdout=nowhere,
            stderr=nowhere,
        )


def build_pages():
    npm = [os.path.join(BIN, "npm"), "ci", "--no-audit", "--no-fund"]
    call(npm, "the front-end packages could not be installed.", fetches=True)
    call([os.path.join(BIN, "npx"), "--no-install", "vite", "build"], "the styles and scripts could not be built.")


def draw_readings():
    call([os.path.join(BIN, "python"), "-m", "tools.readings"], "the table of pinyin could not be written.")


def compile_messages():
    call([os.path.join(BIN, "python"), "-m", "tools.messages", "compile"], "the translations could not be compiled.")


def collect_static():
    call(
        [os.path.join(BIN, "python"), "manage.py", "collectstatic", "--noinput", "--clear"],
        "the static files could not be collected.",
        env={"DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")},
    )


def have_chromium():
    """Chromium for the browser tests: found, installed from the system's packages, or a sentence how."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    if shutil.which("google-chrome"):
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        sys.stdout.write("Installing Chromium from the system's packages ...\n")
        sys.stdout.flush()
        how = "Chromium could not be installed; install the package chromium by hand and run make test again."
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        call([apt, "update", "-q"], how, fetches=True, env=quiet)
        call(
            [apt, "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-noto-cjk"], how, True, env=quiet
        )
        return
    stop(
        "the browser tests need Chromium; install it (Debian: sudo apt-get install chromium fonts-noto-cjk), "
        "or set CHROMIUM=/path/to/chromium, and run make test again."
    )


def have_belenios():
    """Debian's implementation of the ballot protocol, which must accept our elections: found, installed, or how."""
    if shutil.which("belenios-tool"):
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        sys.stdout.write("Installing belenios-tool from the system's packages ...\n")
        sys.stdout.flush()
        how = "belenios-tool could not be installed; install that package by hand and run make test again."
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        call([apt, "update", "-q"], how, fetches=True, env=quiet)
        call([apt, "install", "-y", "-q", "--no-install-recommends", "belenios-tool"], how, True, env=quiet)
        return
    stop(
        "the tests of ballots need belenios-tool; install it (Debian 12 or newer: sudo apt-get install belenios-tool) "
        "and run make test again."
    )


def main():
    right_python()
    if not os.path.exists(VENV):
        free = shutil.disk_usage(ROOT).free // 1024**2
        if free < LEAST_FREE_MB:
            stop("only %d MB are free below %s; free %d MB and run make again." % (free, ROOT, LEAST_FREE_MB))
    testing = "test" in sys.argv[1:]
    make = digest("tools/setup.py")
    os.makedirs(VENV, exist_ok=True)
    step("venv", hashlib.sha256((sys.version + UV).encode()).hexdigest(), "Making .venv", make_venv)
    step("run", digest("requirements.lock", "pyproject.toml"), "Installing packages", install("requirements.lock"))
    if testing:
        dev = digest("requirements-dev.lock", "pyproject.toml")
        step("test", dev, "Installing packages for tests", install("requirements-dev.lock"))
        have_chromium()
        have_belenios()
    step("bytes", digest("src/**/*.py", "config/**/*.py"), "Compiling", lambda: compile_python("src", "config"))
    pages = digest("package-lock.json", "package.json", "vite.config.*", "frontend/**/*")
    step("pages", pages, "Building styles and scripts", build_pages)
    step("readings", digest("requirements.lock", "tools/readings.py"), "Writing the table of pinyin", draw_readings)
    step("messages", digest("src/**/django.po"), "Compiling translations", compile_messages)
    if not os.path.isdir(os.path.join(os.environ.get("YIWANG_VAR", os.path.join(ROOT, "var")), "static")):
        make += " fresh var folder"
    static = digest("src/**/static/**/*", "frontend/**/*") + pages + make
    step("static", static, "Collecting static files", collect_static)


if __name__ == "__main__":
    try:
        main()
    except OSError as trouble:
        if trouble.errno == errno.ENOSPC:
            stop("the disk is full; free about %d MB below %s and run make again." % (LEAST_FREE_MB, ROOT))
        raise
