import { startWebServer } from '../../app/web/server.ts';
import { silentBackend } from './silent-backend.ts';

// A web server in a process of its own, so that a test sees whether strangers can end it. Its one
// argument is the folder of the interface; it says its port over the message channel and answers
// every message with the memory that is still in use after a collection.
const server = await startWebServer({
  backend: silentBackend,
  rendererFolder: process.argv[2]!,
  port: 0,
});
process.send!({ url: server.url, port: server.port });
process.on('message', () => {
  gc!();
  const { heapUsed, external } = process.memoryUsage();
  process.send!({ kept: heapUsed + external });
});
process.on('disconnect', () => process.exit());
