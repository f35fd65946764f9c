"""What is done again and again beside the requests."""

import asyncio
from typing import Any

from webhook.server import serving


def test_a_bug_met_once_does_not_end_the_housework() -> None:
    told: list[dict[str, Any]] = []
    done: list[int] = []

    async def main() -> None:
        enough = asyncio.Event()
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))

        async def work() -> None:
            done.append(len(done))
            if len(done) == 1:
                raise ZeroDivisionError("a bug")
            if len(done) == 3:
                enough.set()

        task = asyncio.ensure_future(serving._every(0.001, work))  # noqa: SLF001 - nothing else fails on demand
        await asyncio.wait_for(enough.wait(), 20)
        task.cancel()

    asyncio.run(main())

    assert done == [0, 1, 2]
    assert [type(each["exception"]) for each in told] == [ZeroDivisionError]
