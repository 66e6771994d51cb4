// Reading aloud, where the browser has voices, and the sound of a warning. Both start silent for every new person.

let on = false;
let said = "";
let sound;

export const hasVoice = () => "speechSynthesis" in window && speechSynthesis.getVoices().length > 0;
export const isReading = () => on;

export function read(view) {
  if (!on || said === view.scene + view.spoken) return;
  said = view.scene + view.spoken;
  const words = new SpeechSynthesisUtterance(view.spoken);
  words.lang = view.language;
  words.rate = 0.9;
  speechSynthesis.cancel();
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
