// What the client's uploader asks of a browser, over Node's fetch: a window, and as much of XMLHttpRequest as it uses.
class Request extends EventTarget {
  upload = new EventTarget();
  readyState = 0;
  status = 0;
  #headers = {};
  #answered = new Headers();
  #aborter = new AbortController();

  open(method, url) {
    this.method = method;
    this.url = url;
    this.readyState = 1;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getResponseHeader(name) {
    return this.#answered.get(name);
  }

  abort() {
    this.#aborter.abort();
  }

  async send(body) {
    try {
      const response = await fetch(this.url, { method: this.method, headers: this.#headers, body, signal: this.#aborter.signal });
      this.response = await response.text();
      this.status = response.status;
      this.#answered = response.headers;
      this.upload.dispatchEvent(Object.assign(new Event("progress"), { lengthComputable: true, loaded: body.size, total: body.size }));
      this.readyState = 4;
      this.onreadystatechange?.();
      this.onload?.();
    } catch {
      (this.#aborter.signal.aborted ? this.onabort : this.onerror)?.call(this);
    } finally {
      this.dispatchEvent(new Event("loadend"));
    }
  }
}

/** Puts them where the client looks for them. Chunks are of the size given. */
export function pretendBrowser(chunkSize) {
  globalThis.window = Object.assign(new EventTarget(), { navigator: { onLine: true }, FTRACK_UPLOAD_CHUNK_SIZE: chunkSize });
  globalThis.XMLHttpRequest = Request;
}
