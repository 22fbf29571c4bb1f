// Loaded before the program under load. Reports the memory in use after garbage collection whenever its parent asks.
process.on('message', () => {
  globalThis.gc();
  process.send({ heap: process.memoryUsage().heapUsed });
});
// The channel to the parent does not keep the process alive.
process.channel.unref();
