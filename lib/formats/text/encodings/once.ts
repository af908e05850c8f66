/** Makes something at the first call, and gives the same at each: tables take milliseconds to make, and change no more. */
export function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
