"""Known vulnerabilities of the locked versions, by pip-audit where its data can be had.

Ends with code 1 where a locked version has a known vulnerability. Where the data cannot be had
(they come over the net, and mirrors of the index often lack them), that is said, with code 0.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 120


def audit(lock: Path) -> list[dict]:
    """What pip-audit knows of each package of a lock; nothing where it cannot ask."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    command += ["--disable-pip", "--require-hashes", "--timeout=10", "--requirement", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        print(f"pip-audit has no answer: {error}"[:200])
        return []


def main() -> int:
    """Print what is known, and what is not."""
    first = audit(ROOT / "requirements" / "uv.txt")  # one package tells whether data can be had
    if not any("vulns" in each for each in first):
        print("Known vulnerabilities were NOT looked for: pip-audit cannot get its data here.")
        return 0
    packages = first + audit(ROOT / "requirements" / "dev.txt")
    asked = [each for each in packages if "vulns" in each]
    known = [(each, one) for each in asked for one in each["vulns"]]
    for package, one in known:
        fixed = ", ".join(one["fix_versions"]) or "nothing yet"
        print(f"{package['name']} {package['version']}: {one['id']}, mended by {fixed}")
    print(
        f"{len(asked)} of {len(packages)} locked packages asked, {len(known)} vulnerabilities known"
    )
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
