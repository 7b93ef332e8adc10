/* Counts the kernels that a program sends to CUDA devices, for the command 'profile' (Linux):
     cc -shared -fPIC -O2 -o launches.so launches.c -ldl
     LD_PRELOAD=$PWD/launches.so dotnet TextGan.Benchmarks.dll profile mle_step --device cuda
   LibTorch calls these functions of the CUDA runtime, and finds those of this library first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

typedef struct { unsigned x, y, z; } dim3;

static atomic_long launches;

/* The benchmark program reads it. */
long textgan_kernel_launches(void) { return atomic_load(&launches); }

static int find_runtime(struct dl_phdr_info *info, size_t size, void *found)
{
    const char *name = strrchr(info->dlpi_name, '/');
    (void)size;
    if (name == NULL || strncmp(name, "/libcudart", 10) != 0) return 0;
    *(const char **)found = info->dlpi_name;
    return 1;
}

/* LibTorch may be loaded so that only itself sees the runtime: it is looked for by its file. */
static void *original(const char *function)
{
    const char *file = NULL;
    void *runtime;
    dl_iterate_phdr(find_runtime, &file);
    runtime = file == NULL ? NULL : dlopen(file, RTLD_LAZY | RTLD_NOLOAD);
    return runtime == NULL ? dlsym(RTLD_NEXT, function) : dlsym(runtime, function);
}

int cudaLaunchKernel(const void *function, dim3 grid, dim3 block, void **arguments, size_t shared, void *stream)
{
    static int (*call)(const void *, dim3, dim3, void **, size_t, void *);
    if (call == NULL) call = (int (*)(const void *, dim3, dim3, void **, size_t, void *))original("cudaLaunchKernel");
    atomic_fetch_add(&launches, 1);
    return call(function, grid, block, arguments, shared, stream);
}

int cudaLaunchKernelExC(const void *configuration, const void *function, void **arguments)
{
    static int (*call)(const void *, const void *, void **);
    if (call == NULL) call = (int (*)(const void *, const void *, void **))original("cudaLaunchKernelExC");
    atomic_fetch_add(&launches, 1);
    return call(configuration, function, arguments);
}
