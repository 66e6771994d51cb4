// Reading aloud, where the browser has a voice for the language, and the sound of a warning. Both start silent for every
// new person; a text is never read by the voice of another language.

let on = false;
let said = "";
let sound;

const voices = () => ("speechSynthesis" in window ? speechSynthesis.getVoices() : []);
const voiceOf = (language) => voices().find((one) => one.lang.toLowerCase().split(/[-_]/)[0] === language);

export const hasVoice = (language) => voiceOf(language) !== undefined;
export const isReading = () => on;

export function read(view) {
  if (!on || said === view.scene + view.spoken) return;
  said = view.scene + view.spoken;
  speechSynthesis.cancel();
  const voice = voiceOf(view.language);
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(view.spoken);
  words.voice = voice;
  words.lang = voice.lang;
  words.rate = 0.9;
  speechSynthesis.speak(words);
}

export function toggle(view) {
  on = !on;
  said = "";
  if (on) read(view);
  else speechSynthesis.cancel();
}

export function hush() {
  on = false;
  said = "";
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

// Browsers find their voices some time after the page.
export function whenVoicesChange(act) {
  if ("speechSynthesis" in window) speechSynthesis.addEventListener("voiceschanged", act);
}

// Two soft tones: the form is about to close.
export function chime() {
  if (!("AudioContext" in window)) return;
  sound ??= new AudioContext();
  [523, 659].forEach((pitch, place) => {
    const tone = sound.createOscillator();
    const loudness = sound.createGain();
    const at = sound.currentTime + place * 0.25;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.12, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.24);
    tone.connect(loudness).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.25);
  });
}
