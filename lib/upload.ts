/**
 * Sends a form and tells how much of it has left, which fetch can't. The answer is a Response like any other; a way that fails rejects, as
 * fetch does.
 */
export interface Upload {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The part that was sent, from 0 to 1. At 1 the server has all of it and works on it. */
  readonly onSent: (part: number) => void;
}

export function upload(url: string, headers: Headers, body: FormData, { timeoutMs, signal, onSent }: Upload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = () => {
      reject(new TypeError("the form could not be sent"));
    };
    const abort = () => {
      request.abort();
    };
    request.open("POST", url);
    request.timeout = timeoutMs;
    headers.forEach((value, name) => {
      request.setRequestHeader(name, value);
    });
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onSent(loaded / total);
    };
    request.upload.onload = () => {
      onSent(1);
    };
    request.onload = () => {
      signal?.removeEventListener("abort", abort);
      resolve(new Response(request.status === 204 ? null : request.responseText, { status: request.status, headers: answered(request) }));
    };
    request.onerror = request.ontimeout = request.onabort = fail;
    signal?.addEventListener("abort", abort);
    onSent(0);
    request.send(body);
  });
}

function answered(request: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
