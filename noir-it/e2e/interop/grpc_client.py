"""A client that protoc has generated from our .proto files, on native gRPC: does what it is told and prints what came of it, a JSON
object a line. Used by grpc.test.mjs: grpc_client.py GENERATED ADDRESS OFFER TOKEN [CERTIFICATE]."""

import json
import queue
import sys
import time

import grpc

GENERATED, ADDRESS, OFFER, TOKEN = sys.argv[1:5]
CERTIFICATE = sys.argv[5] if len(sys.argv) > 5 else None
sys.path.insert(0, GENERATED)

import health_pb2, health_pb2_grpc  # noqa: E402,E401
import noir_pb2, noir_pb2_grpc  # noqa: E402,E401
import reflection_pb2, reflection_pb2_grpc  # noqa: E402,E401
import rtc_pb2, rtc_pb2_grpc  # noqa: E402,E401
import sfu_pb2, sfu_pb2_grpc  # noqa: E402,E401

PATIENCE = 20  # Seconds.


def channel():
    if CERTIFICATE:
        with open(CERTIFICATE, "rb") as file:
            return grpc.secure_channel(ADDRESS, grpc.ssl_channel_credentials(file.read()))
    return grpc.insecure_channel(ADDRESS)


def tell(what, **values):
    print(json.dumps({"what": what, **values}), flush=True)


def status_of(call):
    try:
        result = call()
        for _ in result if hasattr(result, "__iter__") else ():
            pass
        return ["OK", ""]
    except grpc.RpcError as error:
        return [error.code().name, error.details()]


class Stream:
    """What is sent when, on a stream both ways."""

    def __init__(self, method, **options):
        self.requests = queue.Queue()
        self.replies = method(iter(self.requests.get, None), **options)

    def send(self, request):
        self.requests.put(request)

    def next(self):
        return next(self.replies)

    def end(self):
        self.requests.put(None)
        return status_of(lambda: self.replies)


def reflect(at):
    stub = reflection_pb2_grpc.ServerReflectionStub(at)
    asked = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="noir.Noir"),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="no.Such"),
    ]
    listed, found, missing = list(stub.ServerReflectionInfo(iter(asked), timeout=PATIENCE))
    tell(
        "reflection",
        services=[service.name for service in listed.list_services_response.service],
        files=len(found.file_descriptor_response.file_descriptor_proto),
        missing=missing.error_response.error_code,
    )


def rtc(at):
    stream = Stream(rtc_pb2_grpc.RTCStub(at).Signal, timeout=PATIENCE)
    offer = rtc_pb2.SessionDescription(type="offer", sdp=OFFER)
    stream.send(rtc_pb2.Request(join=rtc_pb2.JoinRequest(sid="python", uid="p", description=offer)))
    kinds = []
    while "description" not in kinds:
        reply = stream.next()
        kinds.append(reply.WhichOneof("payload"))
        if kinds[-1] == "join":
            tell("rtc join", success=reply.join.success, type=reply.join.description.type)
    tell("rtc offer", type=reply.description.type, target=reply.description.target, kinds=kinds)
    tell("rtc end", status=stream.end())


def sfu(at):
    stream = Stream(sfu_pb2_grpc.SFUStub(at).Signal, timeout=PATIENCE)
    description = json.dumps({"type": "offer", "sdp": OFFER}).encode()
    stream.send(sfu_pb2.SignalRequest(id="7", join=sfu_pb2.JoinRequest(sid="python sfu", uid="p", description=description)))
    reply = stream.next()
    tell("sfu join", id=reply.id, type=json.loads(reply.join.description)["type"])
    stream.replies.cancel()


def original(at):
    stream = Stream(noir_pb2_grpc.NoirStub(at).Signal, timeout=PATIENCE)
    stream.send(noir_pb2.SignalRequest(id="p", requestId="1", join=noir_pb2.JoinRequest(sid="python noir", description=OFFER.encode())))
    reply = stream.next()
    tell("noir join", id=reply.id, requestId=reply.requestId, type=json.loads(reply.join.description)["type"])
    stream.send(noir_pb2.SignalRequest(kill=True))
    tell("noir end", status=stream.end())


class Backend:
    """Sends requests one by one, and hears the replies where it has subscribed."""

    def __init__(self, at):
        self.stub = noir_pb2_grpc.NoirStub(at)
        self.token = [("authorization", f"Bearer {TOKEN}")]
        self.heard = self.stub.Subscribe(noir_pb2.AdminClient(clientID="python"), metadata=self.token, timeout=PATIENCE)
        nobody = noir_pb2.SignalRequest(id="nobody", kill=True)
        until = time.monotonic() + PATIENCE
        while self.send(signal=nobody)[0] == "FAILED_PRECONDITION" and time.monotonic() < until:
            time.sleep(0.05)  # It has not subscribed yet.

    def send(self, **command):
        request = noir_pb2.NoirRequest(id="1", adminID="python", **command)
        return status_of(lambda: [self.stub.Send(request, metadata=self.token, timeout=PATIENCE)])

    def reply(self, kind):
        return next(reply for reply in self.heard if reply.WhichOneof("command") == kind)

    def admin(self, **payload):
        status = self.send(admin=noir_pb2.AdminRequest(**payload))
        return status, self.reply("admin").admin

    def signal(self, **payload):
        self.send(signal=noir_pb2.SignalRequest(id="q", requestId="2", **payload))


def administer(at):
    backend = Backend(at)
    create = noir_pb2.CreateRoomRequest(options=noir_pb2.RoomOptions(title="Python", maxPeers=2))
    room = noir_pb2.RoomAdminRequest(roomID="python admin", createRoom=create)
    created, reply = backend.admin(roomAdmin=room)
    again, refused = backend.admin(roomAdmin=room)
    tell(
        "admin create",
        status=[created[0], again[0]],
        title=reply.roomAdmin.createRoom.options.title,
        refused=refused.roomAdmin.error,
    )
    backend.signal(join=noir_pb2.JoinRequest(sid="python admin", description=OFFER.encode()))
    kinds = []
    while "description" not in kinds:
        signal = backend.reply("signal").signal
        kinds.append(signal.WhichOneof("payload"))
    tell("admin call", id=signal.id, first=kinds[0], type=json.loads(signal.description)["type"])
    _, listed = backend.admin(roomList=noir_pb2.RoomListRequest())
    tell("admin list", rooms=[[entry.id, entry.score] for entry in listed.roomList.result if entry.id == "python admin"])
    backend.signal(kill=True)
    while not backend.reply("signal").signal.kill:
        pass
    tell("admin end")
    backend.heard.cancel()


def wrong(at):
    def none():
        return iter([])

    signal = rtc_pb2_grpc.RTCStub(at).Signal
    raw = at.stream_stream("/rtc.RTC/Signal")
    tell(
        "wrong",
        method=status_of(lambda: at.stream_stream("/rtc.RTC/Nothing")(none(), timeout=PATIENCE))[0],
        admin=status_of(lambda: noir_pb2_grpc.NoirStub(at).Admin(none(), timeout=PATIENCE)),
        credentials=status_of(lambda: signal(none(), metadata=[("authorization", "Basic eDp5")], timeout=PATIENCE)),
        large=status_of(lambda: raw(iter([b"x" * 300_000]), timeout=PATIENCE)),
        health=status_of(
            lambda: health_pb2_grpc.HealthStub(at).Check(health_pb2.HealthCheckRequest(service="no.Such"), timeout=PATIENCE)
        )[0],
    )
    idle = Stream(signal, timeout=0.3)
    tell("deadline", status=status_of(lambda: idle.replies)[0])
    idle.end()


with channel() as at:
    healthy = health_pb2_grpc.HealthStub(at).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE)
    tell("health", status=healthy.status)
    for step in (reflect, rtc, sfu, original, administer, wrong):
        step(at)
