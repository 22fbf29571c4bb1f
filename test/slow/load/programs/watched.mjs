// Loaded before the program under load. Says how much memory is really in use whenever its parent asks.
process.on('message', () => {
  globalThis.gc();
  process.send({ heap: process.memoryUsage().heapUsed });
});
// To be watched is no reason to live on.
process.channel.unref();
