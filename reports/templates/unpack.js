// Text that was deflated and written in base64, in a script element of this id.
async function unpack(id) {
  const packed = atob(JSON.parse(document.getElementById(id).textContent));
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(inflated).text();
}
