// PDFium's questions for fonts that a PDF does not embed, answered by the Rust side of the render worker.
//
// PDFium takes a table of C callbacks (FPDF_SYSFONTINFO); each is put into its function table by hand.

/** What is used of PDFium's module. */
export type PdfiumModule = {
  HEAPU8: Uint8Array;
  HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _FPDF_SetSystemFontInfo(info: number): void;
  addFunction(body: (...values: number[]) => number | undefined, signature: string): number;
};

/** The Rust side. A handle of 0 is none. */
export type Fonts = {
  mapFont(name: Uint8Array, charset: number, pitch: number, weight: number): number;
  fontData(handle: number): Uint8Array | undefined;
  fontName(handle: number): string;
};

/** The version in which PDFium asks for each font as it needs it. */
const VERSION = 2;
const DEFAULT_CHARSET = 1;

/** Makes an initialised PDFium ask. */
export function askForFonts(pdfium: PdfiumModule, fonts: Fonts): void {
  const put = (bytes: Uint8Array, at: number, room: number): number => {
    // PDFium's memory may have moved since the last time.
    if (at !== 0 && room > 0) pdfium.HEAPU8.set(bytes.subarray(0, room), at);
    return bytes.length;
  };
  const callbacks: [signature: string, body: (...values: number[]) => number | undefined][] = [
    // Release, EnumFonts
    ['vi', () => undefined],
    ['vii', () => undefined],
    // MapFont
    [
      'iiiiiiii',
      (_, weight = 0, _italic, charset = 0, pitch = 0, face = 0) => {
        const end = pdfium.HEAPU8.indexOf(0, face);
        return fonts.mapFont(pdfium.HEAPU8.slice(face, end), charset, pitch, weight);
      },
    ],
    // GetFont
    ['iii', () => 0],
    // GetFontData
    [
      'iiiiii',
      (_, handle = 0, table = 0, at = 0, room = 0) => {
        const data = table === 0 ? fonts.fontData(handle) : undefined;
        return data ? put(data, at, room) : 0;
      },
    ],
    // GetFaceName
    [
      'iiiii',
      (_, handle = 0, at = 0, room = 0) =>
        put(new TextEncoder().encode(`${fonts.fontName(handle)}\0`), at, room),
    ],
    // GetFontCharset, DeleteFont
    ['iii', () => DEFAULT_CHARSET],
    ['vii', () => undefined],
  ];
  const info = pdfium._malloc(4 * (1 + callbacks.length));
  const entries = callbacks.map(([signature, body]) => pdfium.addFunction(body, signature));
  pdfium.HEAP32.set([VERSION, ...entries], info >> 2);
  pdfium._FPDF_SetSystemFontInfo(info);
}
