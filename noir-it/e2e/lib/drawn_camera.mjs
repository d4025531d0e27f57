// A camera and a screen for pictures of the pages: drawn, instead of Chromium's green test picture.

/** @typedef {{ wall: string, light: string, skin: string, hair: string, coat: string, long: boolean }} Look */

/** @type {Look[]} */
export const LOOKS = [
  { wall: '#cfd8d3', light: '#e9eeea', skin: '#e2b08c', hair: '#4a2f22', coat: '#2f5d62', long: true },
  { wall: '#d9cfc2', light: '#efe8dd', skin: '#c98d66', hair: '#1f1a18', coat: '#f4f4f1', long: false },
  { wall: '#c3cbd9', light: '#e3e8f0', skin: '#f0c7a5', hair: '#b7873f', coat: '#7a3b46', long: true },
  { wall: '#b9c2a8', light: '#dfe5d2', skin: '#8d5a3c', hair: '#120f0e', coat: '#e9e4d8', long: false },
];

/** Runs in the page before its scripts. @param {Look} look */
export function installDrawnCamera(look) {
  const canvas = document.createElement('canvas');
  canvas.width = 960;
  canvas.height = 540;
  const pen = canvas.getContext('2d');

  const shape = (color, build) => {
    pen.fillStyle = color;
    pen.beginPath();
    build();
    pen.fill();
  };

  const draw = (time) => {
    const sway = Math.sin(time / 900) * 4;
    shape(look.wall, () => pen.rect(0, 0, 960, 540));
    shape(look.light, () => pen.rect(90, 60, 190, 250));
    shape(look.wall, () => pen.rect(180, 60, 8, 250));
    shape('rgb(0 0 0 / 10%)', () => pen.rect(700, 150, 190, 12));
    shape(look.coat, () => pen.roundRect(735, 92, 26, 58, 4));
    shape(look.hair, () => pen.roundRect(768, 80, 22, 70, 4));
    shape('#8d8f86', () => pen.roundRect(797, 100, 30, 50, 4));
    pen.save();
    pen.translate(480 + sway, 0);
    if (look.long) shape(look.hair, () => pen.roundRect(-118, 130, 236, 290, 110));
    shape(look.coat, () => pen.roundRect(-225, 392, 450, 300, 120));
    shape(look.skin, () => pen.roundRect(-44, 320, 88, 110, 40));
    shape(look.skin, () => pen.ellipse(0, 248, 92, 116, 0, 0, 7));
    shape(look.hair, () => pen.ellipse(0, 178, 100, 66, 0, Math.PI, 0));
    shape(look.hair, () => pen.ellipse(-40, 176, 66, 34, -0.35, 0, 7));
    shape('#2a2320', () => pen.ellipse(-34, 246, 7, time % 4000 < 120 ? 1 : 8, 0, 0, 7));
    shape('#2a2320', () => pen.ellipse(34, 246, 7, time % 4000 < 120 ? 1 : 8, 0, 0, 7));
    pen.strokeStyle = '#7c3f35';
    pen.lineWidth = 6;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.arc(0, 286, 28, 0.25, Math.PI - 0.25);
    pen.stroke();
    pen.restore();
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);

  const slide = document.createElement('canvas');
  slide.width = 1280;
  slide.height = 720;
  const chalk = slide.getContext('2d');
  const bars = [210, 260, 240, 330, 390, 360, 440];
  const drawSlide = () => {
    chalk.fillStyle = '#fbfaf7';
    chalk.fillRect(0, 0, 1280, 720);
    chalk.fillStyle = '#17191e';
    chalk.font = '600 46px sans-serif';
    chalk.fillText('Waiting times, week 47', 90, 110);
    bars.forEach((height, day) => {
      chalk.fillStyle = day === 6 ? '#ffb224' : '#3b5b73';
      chalk.beginPath();
      chalk.roundRect(100 + day * 158, 630 - height, 110, height, 10);
      chalk.fill();
    });
  };
  setInterval(drawSlide, 100);
  navigator.mediaDevices.getDisplayMedia = async () => slide.captureStream(10);

  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const real = await open(wanted);
    if (!wanted.video) return real;
    return new MediaStream([...canvas.captureStream(24).getVideoTracks(), ...real.getAudioTracks()]);
  };
}
