// Fetches with net/http: fetch URL FILE [NAME VALUE]...
package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	log.SetFlags(0)
	if err := fetch(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		log.Fatal(err)
	}
}

func fetch(url, file string, fields []string) error {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	for i := 0; i < len(fields); i += 2 {
		request.Header.Set(fields[i], fields[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatalf("HTTP %s", response.Status)
	}
	target, err := os.Create(file)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, response.Body); err != nil {
		return err
	}
	return target.Close()
}
