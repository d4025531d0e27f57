"""A client of noiR in Python without its WebRTC stack: joins, publishes, watches, over JSON-RPC as docs/protocol.md has it.

Called as `peer.py URL ROOM NAME`; ends when standard input does. Prints one JSON object per line twice a second, with what it has
decoded since it joined: {"video": frames, "audio": frames}; an error of the server's, or a close, as {"error": text}.
"""

import asyncio
import json
import sys

import websockets

_tasks = set()


def spawn(coroutine):
    task = asyncio.get_running_loop().create_task(coroutine)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def tell(message):
    print(json.dumps(message), flush=True)


class Peer:
    """What a stack does."""

    async def offer(self):
        """Of the publisher connection, with all candidates."""
        raise NotImplementedError

    async def answered(self, sdp):
        raise NotImplementedError

    async def answer(self, sdp):
        """To an offer for the subscriber connection."""
        raise NotImplementedError


async def report(counts):
    while True:
        tell(counts)
        await asyncio.sleep(0.5)


async def until_input_ends():
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def signal(socket, peer, room, name):
    offer = {"type": "offer", "sdp": await peer.offer()}
    await socket.send(json.dumps({"method": "join", "params": {"sid": room, "uid": name, "offer": offer}, "id": "1"}))
    async for frame in socket:
        message = json.loads(frame)
        if message.get("method") == "offer":
            desc = {"type": "answer", "sdp": await peer.answer(message["params"]["sdp"])}
            await socket.send(json.dumps({"method": "answer", "params": {"desc": desc}}))
        elif message.get("id") == "1" and "result" in message:
            await peer.answered(message["result"]["sdp"])
        elif "error" in message or message.get("method") == "closed":
            tell({"error": json.dumps(message)})


async def _run(stack):
    url, room, name = sys.argv[1:]
    counts = {"video": 0, "audio": 0}
    peer = stack(counts)
    async with websockets.connect(url, max_size=None) as socket:
        spawn(signal(socket, peer, room, name))
        spawn(report(counts))
        await until_input_ends()


def main(stack):
    """Takes a class of peers that is made with the counts to keep."""
    asyncio.run(_run(stack))
