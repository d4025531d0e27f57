// A camera with a picture that takes what an encoder may spend: Chromium's own test picture takes a fraction of it.

/** Runs in the page before its scripts. */
export function installNoisyCamera(size) {
  const WIDTH = size?.width ?? 960;
  const HEIGHT = size?.height ?? 540;
  const GRAIN = 3;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d', { willReadFrequently: true });

  const noise = document.createElement('canvas');
  noise.width = WIDTH / GRAIN + 64;
  noise.height = HEIGHT / GRAIN + 64;
  const grains = new ImageData(noise.width, noise.height);
  for (let i = 0; i < grains.data.length; i++) grains.data[i] = i % 4 === 3 ? 255 : 64 + Math.random() * 128;
  noise.getContext('2d').putImageData(grains, 0, 0);

  const draw = () => {
    const [x, y] = [Math.random() * 64, Math.random() * 64];
    pen.globalAlpha = 1;
    pen.fillStyle = '#808080';
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.globalAlpha = 0.25;
    pen.drawImage(noise, x, y, WIDTH / GRAIN, HEIGHT / GRAIN, 0, 0, WIDTH, HEIGHT);
  };
  const drawing = setInterval(draw, 33);
  // What has been sent stays good for repairs, which it does not where a sender is stopped.
  window.stopCamera = () => clearInterval(drawing);

  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const sound = await open({ audio: true });
    return new MediaStream([...canvas.captureStream(30).getVideoTracks(), ...sound.getAudioTracks()]);
  };
}
