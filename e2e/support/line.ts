import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The way between a browser and Parley, as a proxy that can be cut: unlike the browser's own "offline", which lets streams
 * that are open run on, a cut ends everything that is under way, and nothing gets through until it is mended.
 */
export async function startLine() {
  let whole = true;
  const server = createServer((asked, answer) => {
    const onward = request(asked.url ?? "", { method: asked.method, headers: asked.headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  server.on("connection", (socket) => {
    if (!whole) socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      whole = false;
      server.closeAllConnections();
    },
    mend: () => {
      whole = true;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
