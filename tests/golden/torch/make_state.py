"""Makes state.pth and state_old.pth as torch.save does, with Python's own pickle alone: the classes and functions that such a file names are stood in for.

Run: python3 make_state.py (any Python 3). The values of the tensor of n elements are 0, 1, ... n - 1.
"""
import collections
import io
import pickle
import struct
import sys
import types
import zipfile


def module(name):
    made = types.ModuleType(name)
    sys.modules[name] = made
    return made


torch, utils = module("torch"), module("torch._utils")


def _rebuild_tensor_v2(*arguments):
    return arguments


_rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
utils._rebuild_tensor_v2 = _rebuild_tensor_v2


class FloatStorage:
    pass


class LongStorage:
    pass


for one in (FloatStorage, LongStorage):
    one.__module__, one.__qualname__ = "torch", one.__name__
    setattr(torch, one.__name__, one)


class Storage:
    def __init__(self, kind, key, count):
        self.kind, self.key, self.count = kind, key, count

    def data(self):
        return struct.pack(f"<{self.count}{'f' if self.kind is FloatStorage else 'q'}", *range(self.count))


class Tensor:
    def __init__(self, storage, shape):
        self.storage, self.shape = storage, shape

    def __reduce__(self):
        strides, step = [], 1
        for size in reversed(self.shape):
            strides.insert(0, step)
            step *= size
        return _rebuild_tensor_v2, (self.storage, 0, self.shape, tuple(strides), False, collections.OrderedDict())


class Pickler(pickle.Pickler):
    old = False

    def persistent_id(self, value):
        if isinstance(value, Storage):
            key = ("storage", value.kind, value.key, "cpu", value.count)
            return key + (None,) if self.old else key


def dumps(value, old=False):
    out = io.BytesIO()
    pickler = Pickler(out, protocol=2)
    pickler.old = old
    pickler.dump(value)
    return out.getvalue()


storages = [Storage(FloatStorage, "0", 36), Storage(FloatStorage, "1", 2), Storage(LongStorage, "2", 1), Storage(FloatStorage, "3", 300)]
state = collections.OrderedDict([
    ("features.0.weight", Tensor(storages[0], (2, 2, 3, 3))),
    ("features.0.bias", Tensor(storages[1], (2,))),
    ("features.1.num_batches_tracked", Tensor(storages[2], ())),
    ("classifier.weight", Tensor(storages[3], (3, 100))),
])

with zipfile.ZipFile("state.pth", "w", zipfile.ZIP_STORED) as archive:
    # A ZipInfo has a fixed date, so that the file comes out the same each time.
    archive.writestr(zipfile.ZipInfo("state/data.pkl"), dumps(state))
    for storage in storages:
        archive.writestr(zipfile.ZipInfo(f"state/data/{storage.key}"), storage.data())
    archive.writestr(zipfile.ZipInfo("state/version"), b"3\n")

with open("state_old.pth", "wb") as file:
    file.write(dumps(0x1950A86A20F9469CFC6C))
    file.write(dumps(1001))
    file.write(dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}))
    file.write(dumps(state, old=True))
    file.write(dumps([storage.key for storage in storages]))
    for storage in storages:
        file.write(struct.pack("<q", storage.count) + storage.data())
