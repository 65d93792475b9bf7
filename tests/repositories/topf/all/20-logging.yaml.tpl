machine:
  logging:
    destinations:
      - endpoint: "udp://{{ .Data.region }}.logs.edge.example:6514"
        format: json_lines
