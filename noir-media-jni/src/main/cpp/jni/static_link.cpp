#include <dlfcn.h>
#include <link.h>
#include <netinet/in.h>

#include <cstdint>

// What static libraries ask of glibc and a shared object for old and new systems cannot ask. The names and types are
// glibc's; the definitions stay inside libnoir.so.

/// libusrsctp.a is not quite position independent: it refers to this in a way that a shared object cannot import.
extern "C" const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;

#ifdef DLFO_STRUCT_HAS_EH_DBASE
// libgcc_eh.a of GCC 12 finds the frames to unwind through `_dl_find_object`, which is new in glibc 2.35. Without it
// it would ask `dl_iterate_phdr`, and so does this.

namespace {

/// Load addresses come as numbers.
void* pointer_to(std::uintptr_t address) {
  return reinterpret_cast<void*>(address);  // NOLINT(performance-no-int-to-ptr)
}

struct Search {
  std::uintptr_t address;
  dl_find_object* result;
};

int look(dl_phdr_info* object, std::size_t /*size*/, void* data) {
  auto& search = *static_cast<Search*>(data);
  bool inside = false;
  std::uintptr_t frames = 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& part = object->dlpi_phdr[i];
    const std::uintptr_t start = object->dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && search.address - start < part.p_memsz) {
      inside = true;
      search.result->dlfo_map_start = pointer_to(start);
      search.result->dlfo_map_end = pointer_to(start + part.p_memsz);
    }
    if (part.p_type == PT_GNU_EH_FRAME) frames = start;
  }
  if (!inside || frames == 0) return 0;
  search.result->dlfo_flags = 0;
  search.result->dlfo_link_map = nullptr;  // The unwinder does not read it.
  search.result->dlfo_eh_frame = pointer_to(frames);
  return 1;
}

}  // namespace

extern "C" int _dl_find_object(void* address, dl_find_object* result) noexcept {
  Search search{reinterpret_cast<std::uintptr_t>(address), result};
  return ::dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
#endif
