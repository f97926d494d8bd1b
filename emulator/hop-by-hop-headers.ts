/**
 * Headers that belong to one connection, not to the message. `transfer-encoding` is one too; it is left
 * to each place that forwards, because it says how the body that follows is framed.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
export const hopByHopHeaders = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
] as const;
