package outbound

import "testing"

func TestControl(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		address         string
		public, private bool
	}{
		{"139.105.36.164:443", true, true},
		{"[2a02:9cc::301]:443", true, true},
		{"10.1.2.3:443", false, true},
		{"192.168.1.1:443", false, true},
		{"172.16.0.1:443", false, true},
		{"[fd00::1]:443", false, true},
		{"[::ffff:10.1.2.3]:443", false, true},
		{"127.0.0.1:443", false, false},
		{"[::1]:443", false, false},
		{"[::ffff:127.0.0.1]:443", false, false},
		{"169.254.169.254:80", false, false},
		{"[fe80::1%eth0]:443", false, false},
		{"100.64.0.1:443", false, false},
		{"0.0.0.0:443", false, false},
		{"[::]:443", false, false},
		{"224.0.0.1:443", false, false},
		{"255.255.255.255:443", false, false},
		{"[64:ff9b::a00:1]:443", false, true},
		{"[64:ff9b::7f00:1]:443", false, false},
		{"[64:ff9b::8b69:24a4]:443", true, true},
		{"[64:ff9b:1::8b69:24a4]:443", false, false},
		{"[2002:7f00:1::]:443", false, false},
		{"nonsense", false, false},
	} {
		if got, want := control(false)("tcp", test.address, nil) == nil, test.public; got != want {
			t.Errorf("%s: got allowed %v, want %v", test.address, got, want)
		}
		if got, want := control(true)("tcp", test.address, nil) == nil, test.private; got != want {
			t.Errorf("%s with private networks: got allowed %v, want %v", test.address, got, want)
		}
	}
}
